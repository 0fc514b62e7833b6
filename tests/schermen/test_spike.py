import time
from tests.schermen.conftest import *
from models.database import reading
from sqlalchemy import text
def test_spike(aangemeld, site):
    p = aangemeld()
    for naam, hoe in (("werk-390-light", 0), ("t14-390-dark", 0), ("t14-390-dark",1300), ("fout-390-dark",0)):
        p.set_viewport_size({"width": 390, "height": 1300})
    p.set_viewport_size({"width": 1650, "height": 1300})
    import base64
    html = ""
    for naam, hoe in (("werk-390-light", 0), ("t14-390-dark", 0), ("t14-390-dark",1300), ("fout-390-dark",0)):
        b = base64.b64encode(open(f"/tmp/shots/{naam}.png","rb").read()).decode()
        html += f'<div style="display:inline-block;width:390px;height:1300px;overflow:hidden;margin:4px;background:url(data:image/png;base64,{b}) 0 -{hoe}px"></div>'
    q = p.context.browser.new_page(viewport={"width": 1650, "height": 1320})
    q.set_content(html)
    q.screenshot(path="/tmp/shots/combi.png")
    q.context.close()
