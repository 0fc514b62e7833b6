/* Draws what web/grafieken.py says, with the theme's colours; the table under each chart has the same numbers.
   Without this script the tables are there and the charts are not. Nothing is fetched and nothing is kept. */
(() => {
  "use strict";

  const alle = (selector, binnen = document) => [...binnen.querySelectorAll(selector)];
  const getal = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 1 });
  const SMAL = 560;

  /* --- The theme: a colour may differ by day and night, so the browser is asked what it comes down to -------------- */
  const proef = document.createElement("span");
  proef.hidden = true;

  const kleur = (naam) => {
    proef.style.color = `var(--rk-${naam})`;
    return getComputedStyle(proef).color;
  };

  const reekskleur = (naam) => kleur(naam === "tekst" ? "tekst" : `grafiek-${naam}`);

  const licht = (waarde, deel) => waarde.replace(/^rgb\((.*)\)$/, (_, rgb) => `rgba(${rgb}, ${deel})`);

  const thema = () => ({ tekst: kleur("tekst"), zacht: kleur("tekst-zacht"), lijn: kleur("lijn"), kaart: kleur("kaart") });

  /* --- What all charts share ----------------------------------------------------------------------------------------- */
  const letter = (t, extra = {}) => ({ color: t.tekst, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, lineHeight: 15, ...extra });

  const basis = (t, naam, zin) => ({
    animation: false,
    aria: { enabled: true, label: { description: zin ? `${naam}. ${zin}` : naam } },
    textStyle: letter(t),
    tooltip: {
      renderMode: "richText", confine: true, backgroundColor: t.kaart, borderColor: t.lijn, borderWidth: 1,
      textStyle: letter(t), padding: [6, 10],
    },
  });

  const as = (t) => ({
    axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: t.lijn } },
    axisLabel: letter(t, { color: t.zacht }), nameTextStyle: letter(t, { color: t.zacht }),
  });

  const legenda = (t, namen) => ({
    data: namen, top: 0, left: 0, itemWidth: 12, itemHeight: 12, itemGap: 14, icon: "roundRect",
    textStyle: letter(t), selectedMode: false,
  });

  // How high the legend becomes: its names go on to a next line where the width is full.
  const legendahoogte = (namen, breed) => {
    const regels = namen.reduce((stand, naam) => {
      const nodig = 7 * naam.length + 34;
      return stand.plaats + nodig > breed ? { aantal: stand.aantal + 1, plaats: nodig } : { ...stand, plaats: stand.plaats + nodig };
    }, { aantal: 1, plaats: 0 });
    return 22 * regels.aantal + 10;
  };

  /* --- Bars, one below the other ------------------------------------------------------------------------------------ */
  const STREPEN = ["solid", [7, 3], [2, 2], [10, 3, 2, 3], [4, 4], [12, 4]];

  // How a norm and a target stand on a bar.
  const TEKENS = [{ icoon: "rect", maat: [3, 20] }, { icoon: "diamond", maat: [12, 12] }];

  const naambreedte = (breed) => (breed < SMAL ? 118 : 190);

  // A bar is at least as high as its name, which goes on to a next line where it is long.
  const rijhoogte = (data, breed) => {
    const regels = Math.max(...data.namen.map((naam) => Math.ceil((7.5 * naam.length) / (naambreedte(breed) - 14))));
    const staaf = data.stapel || data.reeksen.length < 2 ? 32 : 18 * data.reeksen.length + 14;
    return Math.max(staaf, 14 * regels + 6);
  };

  const staven = (data, t, breed) => {
    const veel = data.reeksen.length > 1;
    const eronder = naambreedte(breed);
    const totalen = data.namen.map((_, i) => data.reeksen.reduce((som, r) => som + (r.waarden[i].waarde ?? 0), 0));
    const namen = [...data.reeksen, ...(data.lijnen ?? [])].map((r) => r.naam);
    // Within a piece of a bar a number stands where it fits; that of the last piece may stand behind the bar.
    const breedte = (waarde) => ((breed - eronder - 30) * waarde) / (1.25 * Math.max(...totalen));
    const past = (waarde) => !data.stapel || breedte(waarde) >= 8 * getal.format(waarde).length + 3;
    const laatste = (bij) => data.reeksen.findLastIndex((r) => r.waarden[bij].waarde);
    const erachter = (punt, i, bij) => data.stapel && punt.waarde && !past(punt.waarde) && i === laatste(bij);
    const reeks = (r, i) => ({
      type: "bar", name: r.naam, stack: data.stapel ? "samen" : undefined, barMaxWidth: data.stapel || !veel ? 22 : 14, cursor: "pointer",
      itemStyle: { color: reekskleur(r.kleur), borderColor: t.kaart, borderWidth: veel ? 1 : 0, borderRadius: veel ? 0 : [0, 3, 3, 0] },
      label: {
        show: true, position: data.stapel ? "inside" : "right", color: data.stapel ? t.kaart : t.tekst, fontWeight: 600,
        formatter: ({ value }) => (value && past(value) ? getal.format(value) : ""),
      },
      data: r.waarden.map((punt, bij) => ({
        value: punt.waarde ?? 0, url: punt.url,
        ...(punt.onvolledig ? { itemStyle: { color: licht(reekskleur(r.kleur), 0.35), borderColor: reekskleur(r.kleur), borderType: "dashed", borderWidth: 1 } } : {}),
        ...(punt.onvolledig && data.stapel ? { label: { color: t.tekst } } : {}),
        ...(erachter(punt, i, bij) ? { label: { color: t.tekst, position: "right", distance: 4, formatter: getal.format(punt.waarde) } } : {}),
      })),
      z: 2 + i,
    });
    // A norm is a line from bar to bar; a break crosses the whole drawing.
    const norm = (lijn, i) => ({
      type: "line", name: lijn.naam, silent: true, symbol: TEKENS[i].icoon, symbolSize: TEKENS[i].maat, z: 20,
      lineStyle: { color: t.tekst, width: 2, type: STREPEN[i + 1] }, itemStyle: { color: t.tekst },
      data: lijn.punten.map(([plaats, waarde]) => [waarde, plaats]),
    });
    const top = namen.length > 1 ? legendahoogte(namen, breed) : 6;
    const rechts = data.stapel ? 16 : 56;
    const vakhoogte = (hoogte(data, breed) - top - 24) / data.namen.length;
    const breuk = ({ plaats, naam }) => {
      const y = top + (plaats + 0.5) * vakhoogte;
      return [{ x: eronder, y, name: naam, label: { formatter: breed < SMAL ? "" : naam, position: "insideEndTop", color: t.tekst, backgroundColor: t.kaart, padding: [1, 3] } }, { x: breed - rechts, y }];
    };
    const breuken = (data.breuken ?? []).length === 0 ? [] : [{
      type: "line", silent: true, data: [], z: 19,
      markLine: { silent: true, symbol: "none", lineStyle: { color: t.tekst, type: [6, 4], width: 1.5 }, data: data.breuken.map(breuk) },
    }];
    const lijnen = data.lijnen ?? [];
    return {
      grid: { left: eronder, right: rechts, top, bottom: 24, containLabel: false },
      legend: namen.length > 1 ? legenda(t, [...data.reeksen.map((r) => r.naam), ...lijnen.map((l, i) => ({ name: l.naam, icon: TEKENS[i].icoon, itemStyle: { color: t.tekst } }))]) : undefined,
      xAxis: {
        type: "value", ...as(t), splitNumber: breed < SMAL ? 3 : 5, minInterval: 1,
        axisLabel: letter(t, { color: t.zacht, formatter: (waarde) => getal.format(waarde) }),
      },
      yAxis: {
        type: "category", inverse: true, data: data.namen, ...as(t),
        axisLabel: letter(t, { width: eronder - 14, overflow: "break", lineHeight: 14 }),
      },
      series: [...data.reeksen.map(reeks), ...lijnen.map(norm), ...breuken],
    };
  };

  /* --- Curves: a step at each day on which somebody got there, with the band of 95 % ---------------------------------- */
  const PER_DAG = 1;

  const uitgerold = (punten, laatste, plaats) => {
    const waarden = [];
    let nu = 0;
    let volgende = 0;
    for (let dag = 0; dag <= laatste; dag += PER_DAG) {
      while (volgende < punten.length && punten[volgende][0] <= dag) { nu = punten[volgende][plaats]; volgende += 1; }
      waarden.push(nu);
    }
    return waarden;
  };

  const kromme = (r, i, laatste, t, is_enig) => {
    const tint = reekskleur(r.kleur);
    const lijn = uitgerold(r.punten, laatste, 1);
    const onder = uitgerold(r.punten, laatste, 2);
    const dikte = uitgerold(r.punten, laatste, 3).map((boven, dag) => boven - onder[dag]);
    const band = { type: "line", step: "end", stack: `band ${i}`, symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    return [
      { ...band, name: `${r.naam} onder`, data: onder },
      { ...band, name: `${r.naam} band`, data: dikte, areaStyle: { color: licht(tint, is_enig ? 0.18 : 0.1) } },
      {
        type: "line", name: r.naam, step: "end", symbol: "none", data: lijn, z: 5,
        lineStyle: { color: tint, width: 2, type: STREPEN[i % STREPEN.length] }, itemStyle: { color: tint },
      },
    ];
  };

  const STAPPEN = [1, 2, 5, 10, 20, 30, 60, 90, 180];

  const krommen = (data, t, breed) => {
    const namen = data.reeksen.map((r) => r.naam);
    const dagen = Array.from({ length: data.laatste + 1 }, (_, dag) => dag);
    const stap = STAPPEN.find((s) => data.laatste / s <= (breed < SMAL ? 4 : 10)) ?? 365;
    return {
      grid: { left: 46, right: 18, top: (namen.length > 1 ? legendahoogte(namen, breed - 40) : 12) + ((data.normen ?? []).length ? 12 : 0), bottom: 40, containLabel: false },
      legend: namen.length > 1 ? { ...legenda(t, namen), icon: undefined, itemWidth: 26 } : undefined,
      tooltip: {
        trigger: "axis", axisPointer: { lineStyle: { color: t.zacht } },
        formatter: (punten) => [`${punten[0].axisValue} ${data.eenheid}`, ...punten.filter((p) => namen.includes(p.seriesName))
          .map((p) => `${p.seriesName}: ${getal.format(p.value)} %`)].join("\n"),
      },
      xAxis: {
        type: "category", data: dagen, boundaryGap: false, name: `${data.eenheid} sinds het begin`, nameLocation: "middle", nameGap: 26, ...as(t),
        axisLabel: letter(t, { color: t.zacht, interval: (dag) => dag % stap === 0 }), axisLine: { show: true, lineStyle: { color: t.lijn } },
      },
      yAxis: { type: "value", min: 0, max: 100, ...as(t), axisLabel: letter(t, { color: t.zacht, formatter: "{value} %" }) },
      series: data.reeksen.flatMap((r, i) => kromme(r, i, data.laatste, t, data.reeksen.length === 1))
        .concat([{ type: "line", data: [], markLine: { silent: true, symbol: "none", data: [
          { yAxis: 50, lineStyle: { color: t.zacht, type: "dashed" }, label: { formatter: "helft", position: "insideEndTop", color: t.zacht } },
          ...(data.normen ?? []).filter((n) => n.dag <= data.laatste).map((n) => ({
            xAxis: Math.round(n.dag), lineStyle: { color: t.tekst, type: "solid", width: 1.5 },
            label: { formatter: `${n.naam} ${getal.format(n.dag)}`, position: "end", rotate: 0, distance: 3, color: t.tekst, fontWeight: 600 },
          })),
        ] } }]),
    };
  };

  /* --- Flows from place to place --------------------------------------------------------------------------------------- */
  const LAAG = 150;
  const EINDE = 150;
  const TUSSEN = 36;

  // How many places lie behind each other at most: so wide the drawing must be for their names.
  const lagen = (data) => {
    const diepte = new Map();
    const meet = (naam) => {
      if (diepte.has(naam)) return diepte.get(naam);
      diepte.set(naam, 1);
      diepte.set(naam, 1 + Math.max(0, ...data.stromen.filter((s) => s.van === naam).map((s) => meet(s.naar))));
      return diepte.get(naam);
    };
    return Math.max(...data.knopen.map((k) => meet(k.naam)));
  };

  // A name in lines that fit a width: told to break lines itself, the library makes their ground as wide as that width.
  const gebroken = (tekst, breed) => tekst.split(" ").reduce((regels, woord) => {
    const erbij = `${regels.at(-1)} ${woord}`.trim();
    return 6 * erbij.length <= breed || !regels.at(-1) ? [...regels.slice(0, -1), erbij] : [...regels, woord];
  }, [""]).join("\n");

  const stromen = (data, t, breed) => ({
    series: [{
      type: "sankey", left: 4, right: EINDE, top: 8, bottom: 8, nodeWidth: 14, nodeGap: TUSSEN,
      draggable: false, emphasis: { focus: "adjacency" }, cursor: "pointer",
      // A name has a ground of its own, because the flows run behind it.
      label: letter(t, {
        backgroundColor: licht(t.kaart, 0.85), padding: [1, 4], borderRadius: 3,
        formatter: ({ name, value }) => gebroken(`${name} (${getal.format(value)})`, (breed - EINDE) / Math.max(lagen(data) - 1, 1) - 28),
      }),
      data: data.knopen.map((k) => ({ name: k.naam, itemStyle: { color: reekskleur(k.kleur), borderWidth: 0 } })),
      links: data.stromen.map((s) => ({
        source: s.van, target: s.naar, value: s.waarde, url: s.url, lineStyle: { color: reekskleur(s.kleur), opacity: 0.32, curveness: 0.5 },
      })),
    }],
  });

  /* --- Matrix ------------------------------------------------------------------------------------------------------------- */
  const matrix = (data, t, breed) => {
    const links = breed < SMAL ? 110 : 220;
    const hoogst = Math.max(...data.punten.map((p) => p.waarde));
    const tint = reekskleur("1");
    const vak = (p) => ({
      value: [p.x, p.y, p.waarde], url: p.url,
      itemStyle: { color: licht(tint, 0.12 + 0.5 * (p.waarde / hoogst)), borderColor: t.kaart, borderWidth: 2 },
    });
    return {
      grid: { left: links, right: 12, top: 70, bottom: 8, containLabel: false },
      xAxis: {
        type: "category", position: "top", data: data.naar, ...as(t), splitLine: { show: false },
        axisLabel: letter(t, { interval: 0, width: Math.max(44, (breed - links) / data.naar.length - 8), overflow: "break" }),
      },
      yAxis: {
        type: "category", inverse: true, data: data.van, ...as(t), splitLine: { show: false },
        axisLabel: letter(t, { width: links - 14, overflow: "break" }),
      },
      series: [{
        type: "heatmap", cursor: "pointer", data: data.punten.map(vak), label: { show: true, color: t.tekst, fontWeight: 600, formatter: ({ value }) => getal.format(value[2]) },
        tooltip: { formatter: ({ value }) => `${data.van[value[1]]}, dan ${data.naar[value[0]]}: ${getal.format(value[2])}` },
      }],
    };
  };

  const MINSTENS = { stromen: (data) => (lagen(data) - 1) * LAAG + EINDE, matrix: () => 736 };

  const SOORTEN = { staven, krommen, stromen, matrix };

  /* --- Height by what is in it ------------------------------------------------------------------------------------------- */
  const hoogte = (data, breed) => ({
    staven: () => 34 + (data.reeksen.length + (data.lijnen ?? []).length > 1 ? legendahoogte([...data.reeksen, ...(data.lijnen ?? [])].map((r) => r.naam), breed) : 0)
      + data.namen.length * rijhoogte(data, breed),
    krommen: () => (breed < SMAL ? 260 : 320),
    stromen: () => 520,
    matrix: () => 84 + 44 * data.van.length,
  })[data.soort]();

  /* --- Draw, and draw again when the theme or the width changes ---------------------------------------------------------- */
  const grafieken = [];

  const teken = (grafiek) => {
    const { vlak, data, beeld } = grafiek;
    const t = thema();
    const breed = Math.max(vlak.clientWidth, grafiek.minstens);
    const hoog = hoogte(data, breed);
    vlak.style.height = `${hoog}px`;
    beeld.resize({ width: breed, height: hoog });
    const vast = basis(t, vlak.dataset.naam, data.zin);
    const eigen = SOORTEN[data.soort](data, t, breed);
    beeld.setOption({ ...vast, ...eigen, tooltip: { ...vast.tooltip, ...eigen.tooltip } }, { notMerge: true });
    // Paper shows a drawing that cannot shrink as a whole, and smaller.
    vlak.querySelector("svg").setAttribute("viewBox", `0 0 ${breed} ${hoog}`);
    grafiek.breed = breed;
  };

  const begin = (script) => {
    const vlak = script.parentElement.querySelector(".rk-grafiek__vlak");
    const data = JSON.parse(script.textContent);
    vlak.closest(".rk-grafiek__schuif").hidden = false;
    // A drawing with words all over it cannot shrink: on a phone it is moved about instead.
    const minstens = MINSTENS[data.soort]?.(data) ?? 0;
    if (minstens) {
      vlak.style.minInlineSize = `${minstens}px`;
      vlak.classList.add("rk-grafiek__vlak--breed");
    }
    vlak.style.height = `${hoogte(data, vlak.clientWidth)}px`;
    const beeld = echarts.init(vlak, null, { renderer: "svg", locale: "NL" });
    const grafiek = { vlak, data, beeld, breed: 0, minstens };
    beeld.on("click", ({ data: punt }) => { if (punt?.url) location.assign(punt.url); });
    grafieken.push(grafiek);
    teken(grafiek);
    new ResizeObserver(() => { if (vlak.clientWidth && vlak.clientWidth !== grafiek.breed) teken(grafiek); }).observe(vlak);
  };

  const opnieuw = () => grafieken.forEach(teken);

  document.addEventListener("DOMContentLoaded", () => {
    if (typeof echarts === "undefined") return;
    document.body.append(proef);
    alle("script[data-grafiek]").forEach(begin);
    ["(prefers-color-scheme: dark)", "print"].forEach((vraag) => matchMedia(vraag).addEventListener("change", opnieuw));
    new MutationObserver(opnieuw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  });
})();
