/* Looking back: sliders and dates say the same, and the arrow keys go from event to event. Without JavaScript the form
   is sent with its button. Days are numbers: days since 1970-01-01. */
(() => {
  "use strict";

  const vind = (selector, binnen = document) => binnen.querySelector(selector);
  const DAG = 86400000;
  const MAANDEN = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december"];
  const twee = (getal) => String(getal).padStart(2, "0");

  const geschreven = (dag) => {
    const datum = new Date(dag * DAG);
    return `${twee(datum.getUTCDate())}-${twee(datum.getUTCMonth() + 1)}-${datum.getUTCFullYear()}`;
  };
  const gezegd = (dag) => {
    const datum = new Date(dag * DAG);
    return `${datum.getUTCDate()} ${MAANDEN[datum.getUTCMonth()]} ${datum.getUTCFullYear()}`;
  };
  const gelezen = (tekst) => {
    const delen = /^\s*(\d{1,2})-(\d{1,2})-(\d{4})\s*$/.exec(tekst);
    return delen ? Date.UTC(delen[3], delen[2] - 1, delen[1]) / DAG : null;
  };

  const zetSchuif = (schuif, dag) => {
    schuif.value = dag;
    schuif.setAttribute("aria-valuetext", gezegd(dag));
  };
  const zet = (naam, dag) => {
    zetSchuif(vind(`[data-schuif="${naam}"]`), dag);
    vind(`[data-datum="${naam}"]`).value = geschreven(dag);
  };

  const volgSchuif = ({ target }) => {
    if (target.dataset.schuif) zet(target.dataset.schuif, Number(target.value));
    const dag = target.dataset.datum ? gelezen(target.value) : null;
    if (dag !== null) zetSchuif(vind(`[data-schuif="${target.dataset.datum}"]`), dag);
  };

  // A form that was moved says already where it stands; after a link the sliders follow.
  const naWissel = ({ detail }) => {
    const moment = vind("#moment");
    if (!moment) return;
    vind("[data-moment-zin]").textContent = moment.dataset.zin;
    if (detail.requestConfig?.elt.matches("[data-moment]")) return;
    zet("op", Number(moment.dataset.op));
    zet("bekend", Number(moment.dataset.bekend));
  };

  const opPijl = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.key.startsWith("Arrow")) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog[open], [tabindex='0']")) return;
    const link = vind(`[data-pijl="${event.shiftKey ? "Shift+" : ""}${event.key}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  };

  document.addEventListener("input", volgSchuif);
  document.addEventListener("keydown", opPijl);
  document.addEventListener("htmx:afterSettle", naWissel);
})();
