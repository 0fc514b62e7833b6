import json, pytest
from datetime import UTC, datetime
from models import klok
from workflow.opdracht import Actor
from workflow.uitwisseling import ddas
from models.database import transaction
DOOR=Actor("a"*32,"coordinator","GM")
@pytest.mark.parametrize("n",["volledig","zonder_fasen"])
def test_rt(database,n):
    b=open(f"tests/data/ddas/{n}.json","rb").read()
    with klok.at(datetime(2026,11,24,tzinfo=UTC)):
      with transaction(database) as db:
        p=ddas.preview(db,b); print(p.geteld,p.gebeurtenissen,p.nieuwe_personen)
        v=ddas.import_delivery(db,b,DOOR); print(v.geteld,v.gebeurtenissen,v.nieuwe_personen, v.regels[0])
        for o in v.opmerkingen: print(o.plaats,o.text)
        v2=ddas.import_delivery(db,b,DOOR); print(v2.geteld)
        from workflow.kalender import daynumber; from datetime import date
        e=ddas.export(db,daynumber(date(2024,1,1)),daynumber(date(2027,1,1)),klok.now(),"Routekaart 0.1")
    def tr(d): return sorted((json.dumps(t,sort_keys=True) for l in d["leveringen"] for t in l["schuldhulptrajecten"]))
    assert tr(e)==tr(json.loads(b))
