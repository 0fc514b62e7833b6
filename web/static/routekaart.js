/* Small helps on every page. Nothing here is needed: each page works without JavaScript.
   Nothing a user types is kept in the browser; the two cookies hold a choice of view, no personal data. */
(() => {
  "use strict";

  const vind = (selector, binnen = document) => binnen.querySelector(selector);
  const alle = (selector, binnen = document) => [...binnen.querySelectorAll(selector)];
  const token = () => vind('meta[name="csrf-token"]')?.content ?? "";
  const JAAR = 31536000;

  const onthoud = (naam, waarde) => {
    const veilig = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${naam}=${waarde}; Path=/; Max-Age=${JAAR}; SameSite=Strict${veilig}`;
  };
  const onthouden = (naam) => document.cookie.split("; ").find((deel) => deel.startsWith(`${naam}=`))?.split("=")[1];

  // The safe button takes the focus: Enter pressed too often does no harm.
  const open = (dialoog) => {
    dialoog.showModal();
    vind("[data-begin]", dialoog)?.focus();
  };

  /* --- Focus goes to the error summary --------------------------------------------------------------------------- */
  const focusFouten = () => vind("#foutoverzicht")?.focus();

  const volgFoutlink = (event) => {
    const link = event.target.closest("#foutoverzicht a[href^='#']");
    const veld = link && document.getElementById(link.hash.slice(1));
    if (!veld) return;
    event.preventDefault();
    const plek = veld.closest(".rk-veld") ?? veld;
    plek.scrollIntoView({ block: "start" });
    veld.focus({ preventScroll: true });
  };

  /* --- Theme ------------------------------------------------------------------------------------------------------- */
  const kiesThema = (event) => {
    const form = event.target.closest(".rk-thema");
    if (!form || !event.submitter) return;
    event.preventDefault();
    const keuze = event.submitter.value;
    onthoud("thema", keuze);
    if (keuze === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = keuze;
    alle("button", form).forEach((knop) => knop.setAttribute("aria-pressed", String(knop === event.submitter)));
  };

  /* --- Keyboard: /, ?, and g followed by a letter; can be switched off (WCAG 2.1.4) --------------------------------- */
  let wachtOpLetter = false;
  const toetsenAan = () => document.body.dataset.sneltoetsen !== "uit" && onthouden("sneltoetsen") !== "uit";
  const toonToetsen = () => alle("[data-met-toetsen]").forEach((hint) => { hint.hidden = !toetsenAan(); });
  const inVeld = (doel) => doel.closest?.("input, textarea, select, [contenteditable], dialog[open]");

  const toonSneltoetsen = () => {
    const dialoog = vind("#dialoog-sneltoetsen");
    if (!dialoog || dialoog.open) return;
    vind("[data-sneltoetsen-aan]", dialoog).checked = toetsenAan();
    open(dialoog);
  };

  const gaNaar = (letter) => {
    wachtOpLetter = false;
    alle("[data-toets]").find((link) => link.dataset.toets === letter)?.click();
  };

  const opToets = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || inVeld(event.target) || !toetsenAan()) return;
    if (wachtOpLetter) return gaNaar(event.key);
    if (event.key === "/" && vind("#zoek")) { event.preventDefault(); vind("#zoek").select(); vind("#zoek").focus(); }
    if (event.key === "?") toonSneltoetsen();
    if (event.key === "g") { wachtOpLetter = true; setTimeout(() => { wachtOpLetter = false; }, 1500); }
  };

  /* --- Up and down go through the suggestions below the search box ------------------------------------------------------ */
  const opPijl = (event) => {
    const stap = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rij = [vind("#zoek"), ...alle("#zoek-tips a")];
    const plek = rij.indexOf(event.target);
    if (!stap || plek < 0 || rij.length < 2) return;
    event.preventDefault();
    rij[(plek + stap + rij.length) % rij.length].focus();
  };

  /* --- A BSN is not searched for in the header: it would stand in the address. The field's pattern tells it. ----------- */
  const zegGeenBsn = (veld) => {
    const zin = document.createElement("p");
    zin.textContent = veld.title;
    vind("#zoek-tips")?.replaceChildren(zin);
  };

  const houdBsnTegen = (event) => {
    const veld = vind("#zoek");
    const vraagt = event.target === veld || event.target === veld?.form;
    if (!vraagt || !veld.validity.patternMismatch) return;
    event.preventDefault();
    zegGeenBsn(veld);
  };

  /* --- Menus close with Escape and with a click beside them --------------------------------------------------------- */
  const sluitMenus = (behalve) => alle("details.rk-gebruiker[open]").filter((menu) => !menu.contains(behalve))
    .forEach((menu) => { menu.open = false; });

  const opEscape = (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.rk-gebruiker[open]");
    sluitMenus(null);
    menu?.querySelector("summary").focus();
    if (event.target.closest?.("#zoek-tips")) vind("#zoek").focus();
    vind("#zoek-tips")?.replaceChildren();
  };

  /* --- Ask before what ends or withdraws ---------------------------------------------------------------------------- */
  const vraagBevestiging = (event) => {
    const knop = event.submitter;
    const tekst = knop?.dataset.bevestig ?? event.target.dataset.bevestig;
    if (!tekst || event.defaultPrevented || event.target.dataset.bevestigd) return;
    event.preventDefault();
    const dialoog = vind("#dialoog-bevestig");
    vind("[data-tekst]", dialoog).textContent = tekst;
    vind("[data-knop]", dialoog).textContent = knop?.dataset.bevestigKnop ?? "Doorgaan";
    dialoog.returnValue = "";
    dialoog.onclose = () => { if (dialoog.returnValue === "ja") verstuurBevestigd(event.target, knop); };
    open(dialoog);
  };

  const verstuurBevestigd = (form, knop) => {
    form.dataset.bevestigd = "ja";
    form.requestSubmit(knop);
    delete form.dataset.bevestigd;
  };

  /* --- One click, one submit ------------------------------------------------------------------------------------------ */
  const opVerstuurd = (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "meermaals" in form.dataset) return;
    if (form.dataset.bezig) return event.preventDefault();
    form.dataset.bezig = "ja";
    // After this turn of the loop: a disabled button would not be sent along.
    setTimeout(() => zetBezig(form, true));
  };

  const zetBezig = (form, bezig) => {
    const knoppen = alle("button[type=submit], input[type=submit]", form).concat(alle(`button[form="${form.id || "-"}"]`));
    knoppen.forEach((knop) => {
      knop.disabled = bezig;
      knop.classList.toggle("nl-button--busy", bezig);
      if (bezig) knop.setAttribute("aria-busy", "true"); else knop.removeAttribute("aria-busy");
    });
    if (!bezig) delete form.dataset.bezig;
  };

  const maakVrij = () => alle("form[data-bezig]").forEach((form) => zetBezig(form, false));

  /* --- Today's date comes from the server, not from this computer's clock -------------------------------------------- */
  const vulVandaag = (event) => {
    const knop = event.target.closest("[data-vandaag-voor]");
    if (!knop) return;
    const veld = document.getElementById(knop.dataset.vandaagVoor);
    veld.value = document.body.dataset.vandaag;
    veld.dispatchEvent(new Event("change", { bubbles: true }));
    veld.focus();
  };

  /* --- Session: warn two minutes before the end; extend, or log in elsewhere and go on here --------------------------- */
  const WAARSCHUW = 120;
  const sessie = { einde: 0, klok: 0 };
  const kanaal = "BroadcastChannel" in window ? new BroadcastChannel("routekaart-sessie") : null;
  // By the wall clock, which goes on while a laptop sleeps; `nu` tells how far it is off from the server's.
  const seconden = () => Date.now() / 1000;

  const zetEinde = (tot, nu) => {
    sessie.einde = seconden() + (tot - (nu || seconden()));
    const dialoog = vind("#dialoog-sessie");
    if (dialoog.open) dialoog.close();
    toonDelen(false);
    clearInterval(sessie.klok);
    sessie.klok = setInterval(tik, 1000);
  };

  const resterend = (over) => over > 60 ? `${Math.ceil(over / 60)} minuten` : `${Math.max(Math.ceil(over), 0)} seconden`;

  const tik = () => {
    const over = sessie.einde - seconden();
    if (over > WAARSCHUW) return;
    const dialoog = vind("#dialoog-sessie");
    if (!dialoog.open) open(dialoog);
    const tekst = resterend(over);
    vind("[data-resterend]", dialoog).textContent = tekst;
    if (over <= 60 && over > 59) vind("[data-melding]", dialoog).textContent = `U wordt over ${tekst} uitgelogd.`;
    if (over <= 0) verlopen();
  };

  const toonDelen = (voorbij) => {
    const dialoog = vind("#dialoog-sessie");
    dialoog.classList.toggle("rk-dialoog--verlopen", voorbij);
    alle("[data-bijna], [data-verleng]", dialoog).forEach((deel) => { deel.hidden = voorbij; });
    alle("[data-verlopen], [data-opnieuw], [data-verder]", dialoog).forEach((deel) => { deel.hidden = !voorbij; });
    vind("[data-mislukt]", dialoog).hidden = true;
    vind("h2", dialoog).textContent = voorbij ? "Uw sessie is verlopen" : "U wordt bijna uitgelogd";
  };

  const verlopen = () => {
    clearInterval(sessie.klok);
    toonDelen(true);
    (vind("[data-opnieuw]") ?? vind("[data-verder]")).focus();
  };

  const misluk = () => { vind("[data-mislukt]").hidden = false; };

  const verleng = async () => {
    const antwoord = await fetch(document.body.dataset.verlengUrl, { method: "POST", headers: { "X-CSRFToken": token() } }).catch(() => null);
    if (!antwoord?.ok || antwoord.redirected) return misluk();
    const { sessie_tot: tot, nu } = await antwoord.json();
    zetEinde(tot, nu);
    kanaal?.postMessage({ tot, nu });
  };

  // After logging in elsewhere this page's CSRF token is stale: take the one of the new session, keep what was typed.
  const gaVerder = async () => {
    const antwoord = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!antwoord?.ok || antwoord.redirected) return misluk();
    const vers = new DOMParser().parseFromString(await antwoord.text(), "text/html");
    const { sessieTot, nu } = vers.body.dataset;
    if (!sessieTot) return misluk();
    const nieuw = vind('meta[name="csrf-token"]', vers).content;
    vind('meta[name="csrf-token"]').content = nieuw;
    alle('input[name="csrf_token"]').forEach((veld) => { veld.value = nieuw; });
    zetEinde(Number(sessieTot), Number(nu));
  };

  const startSessie = () => {
    const { sessieTot, nu } = document.body.dataset;
    const dialoog = vind("#dialoog-sessie");
    if (!sessieTot || !dialoog) return;
    zetEinde(Number(sessieTot), Number(nu));
    vind("[data-verleng]", dialoog).addEventListener("click", verleng);
    vind("[data-verder]", dialoog).addEventListener("click", gaVerder);
    dialoog.addEventListener("cancel", (event) => event.preventDefault());
    if (kanaal) kanaal.onmessage = ({ data }) => zetEinde(data.tot, data.nu);
  };

  /* --- Drafts: what is typed is kept on the server, and the page says when --------------------------------------------- */
  const NA_TYPEN = 4000;

  const bewaarConcept = async (form) => {
    if (!form.dataset.getypt || form.dataset.bezig) return;
    delete form.dataset.getypt;
    const velden = new FormData(form);
    const { pathname, search } = new URL(form.action);
    velden.set("pad", pathname + search);
    const body = new URLSearchParams([...velden].filter(([, waarde]) => typeof waarde === "string"));
    // Who leaves the page takes the request along, else the browser breaks it off.
    const opdracht = { method: "POST", body, headers: { "X-CSRFToken": token() }, keepalive: document.hidden };
    const antwoord = await fetch(form.dataset.concept, opdracht).catch(() => null);
    if (!antwoord?.ok || antwoord.redirected) return;
    const { om } = await antwoord.json();
    vind("[data-concept-stand]", form).textContent = `Concept bewaard om ${om}`;
  };

  const volgConcept = (form) => {
    let klok = 0, bezig = null;
    const bewaar = () => { bezig = bewaarConcept(form); };
    const plan = () => {
      form.dataset.getypt = "ja";
      clearTimeout(klok);
      klok = setTimeout(bewaar, NA_TYPEN);
    };
    // Who cancels or begins anew leaves nothing behind for the next form at this address.
    const wis = async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { href } = event.currentTarget, { pathname, search } = new URL(form.action);
      clearTimeout(klok);
      delete form.dataset.getypt;
      await bezig;
      const body = new URLSearchParams({ pad: pathname + search, weg: "ja" });
      await fetch(form.dataset.concept, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null);
      location.assign(href);
    };
    form.addEventListener("input", plan);
    form.addEventListener("change", plan);
    document.addEventListener("visibilitychange", () => { if (document.hidden) bewaar(); });
    alle("[data-concept-weg]").forEach((link) => link.addEventListener("click", wis));
    // What was put back is no longer kept on the server: keep it again.
    if (vind("[data-concept-terug]")) plan();
  };

  /* --- Filters: folded on a phone, where the list matters more ------------------------------------------------------- */
  const smal = matchMedia("(max-width: 47.99em)");
  const vouwFilters = () => alle(".rk-filterklap").forEach((deel) => { deel.open = !smal.matches; });

  /* --- What is wider than its place says so --------------------------------------------------------------------------- */
  const volgBreedte = (wenk) => {
    const vak = wenk.nextElementSibling;
    const kijk = () => { wenk.hidden = vak.scrollWidth <= vak.clientWidth + 1; };
    const oog = new ResizeObserver(kijk);
    [vak, ...vak.children].forEach((deel) => oog.observe(deel));
    kijk();
  };

  /* --- A drawing as PNG, painted by the browser in twice its size ------------------------------------------------------ */
  const bewaarPng = async ({ dataset: { png, naam } }) => {
    const beeld = new Image();
    beeld.src = png;
    await beeld.decode();
    const doek = document.createElement("canvas");
    Object.assign(doek, { width: 2 * beeld.naturalWidth, height: 2 * beeld.naturalHeight });
    doek.getContext("2d").drawImage(beeld, 0, 0, doek.width, doek.height);
    Object.assign(document.createElement("a"), { href: doek.toDataURL("image/png"), download: naam }).click();
  };

  /* --- Start ------------------------------------------------------------------------------------------------------------ */
  document.addEventListener("keydown", opToets);
  document.addEventListener("keydown", opEscape);
  document.addEventListener("keydown", opPijl);
  document.addEventListener("click", volgFoutlink);
  document.addEventListener("click", vulVandaag);
  document.addEventListener("click", (event) => sluitMenus(event.target));
  document.addEventListener("click", (event) => { if (!event.target.closest(".rk-zoek")) vind("#zoek-tips")?.replaceChildren(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-toon-sneltoetsen]")) toonSneltoetsen(); });
  document.addEventListener("click", (event) => { if (event.target.matches("[data-png]")) bewaarPng(event.target); });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-sneltoetsen-aan]")) return;
    onthoud("sneltoetsen", event.target.checked ? "aan" : "uit");
    toonToetsen();
  });
  document.addEventListener("submit", houdBsnTegen);
  document.addEventListener("htmx:configRequest", houdBsnTegen);
  document.addEventListener("submit", kiesThema);
  document.addEventListener("submit", vraagBevestiging);
  document.addEventListener("submit", opVerstuurd);
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  window.addEventListener("pageshow", maakVrij);

  alle("[data-toon-sneltoetsen], [data-met-png]").forEach((knop) => { knop.hidden = false; });
  if (document.body.dataset.vandaag) alle("[data-vandaag-voor]").forEach((knop) => { knop.hidden = false; });
  if (document.body.dataset.sneltoetsen === "uit") alle("[data-toon-sneltoetsen]").forEach((knop) => { knop.hidden = true; });
  // The sentence comes in the page instead of in the browser's own balloon.
  alle("[data-zonder-bsn]").forEach((form) => { form.noValidate = true; });
  toonToetsen();
  vouwFilters();
  smal.addEventListener("change", vouwFilters);
  alle("[data-loopt-door]").forEach(volgBreedte);
  alle("form[data-concept]").forEach(volgConcept);
  focusFouten();
  startSessie();
})();
