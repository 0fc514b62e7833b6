"""Refresh web/static/vendor and THIRD_PARTY.md from the exact versions in scripts/package.json.

Nobody needs this to run, test or build the application: its output is committed. It promises that every file under
web/static/vendor comes from a pinned package, that nlds.css holds only the design tokens that some style sheet uses,
and that each licence text stands beside the files it covers. Needs npm: `python scripts/vendor_css.py`.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "scripts" / "package.json"
STATIC = ROOT / "web" / "static"
VENDOR = STATIC / "vendor"
REPORT = ROOT / "THIRD_PARTY.md"

TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens"
FONT = "@fontsource-variable/noto-sans"
HTMX = "htmx.org"
CHARTS = ("echarts", "zrender", "tslib")
CHARTS_ENTRY = ROOT / "scripts" / "grafieken_ingang.js"
CHARTS_FILE = "echarts.min.js"
BUILD_ONLY = ("esbuild",)
OWN_SHEETS = ("thema.css", "opmaak.css", "cijfers.css")

LICENCES = {
    FONT: "OFL-1.1-noto-sans.txt",
    HTMX: "0BSD-htmx.txt",
    "echarts": "Apache-2.0-echarts.txt",
    "zrender": "BSD-3-Clause-zrender.txt",
    "tslib": "0BSD-tslib.txt",
}
"""Package -> its licence text; those not named here are under that of the style sheets."""

LICENCE_SHEETS = "EUPL-1.2.md"

# latin-ext is fetched by a browser only when a page holds such a letter: clients' names have them (ş, ğ, ł, č).
FONT_SUBSETS = ("latin", "latin-ext")

EXACT = re.compile(r"^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$")
USED = re.compile(r"var\(\s*(--[\w-]+)")
DECLARED = re.compile(r"^\s*(--[\w-]+)\s*:\s*(.*?);", re.MULTILINE | re.DOTALL)
NOTICE = re.compile(r"Copyright \(c\) [^\n*]+")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class VendorError(Exception):
    """The packages are not what scripts/package.json pins."""


@dataclass(frozen=True)
class Package:
    """One pinned package; `files` are the paths it ends up in, relative to web/static/vendor."""

    name: str
    version: str
    licence: str
    folder: Path
    files: list[str] = field(default_factory=list)

    @property
    def is_component(self) -> bool:
        return self.name not in (TOKENS, FONT, HTMX, *CHARTS, *BUILD_ONLY)

    @property
    def licence_file(self) -> str:
        return LICENCES.get(self.name, LICENCE_SHEETS)


def pinned() -> dict[str, str]:
    """Package name → exact version; refuses a range."""
    versions: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))["dependencies"]
    for name, version in versions.items():
        if not EXACT.match(version):
            raise VendorError(f"{name}: '{version}' is no exact version")
    return versions


def install(folder: Path) -> None:
    """Install the pinned packages in `folder`, without running any package's own scripts."""
    shutil.copy(MANIFEST, folder / "package.json")
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    subprocess.run(command, cwd=folder, check=True)


def package(modules: Path, name: str, version: str) -> Package:
    folder = modules / name
    facts = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    if facts["version"] != version:
        raise VendorError(f"{name}: {facts['version']} is installed, {version} is pinned")
    return Package(name, version, facts["license"], folder)


def sheet(component: Package) -> Path:
    """The component's style sheet: dist/index.css, or dist/<short name>.css in the candidate packages."""
    short = component.name.rpartition("/")[2].removesuffix("-css")
    found = [path for path in (component.folder / "dist" / n for n in ("index.css", f"{short}.css")) if path.exists()]
    if not found:
        raise VendorError(f"{component.name}: no style sheet in dist/")
    return found[0]


def declarations(theme: str) -> dict[str, str]:
    return {name: value.strip() for name, value in DECLARED.findall(COMMENT.sub("", theme))}


def closure(seeds: Iterable[str], tokens: dict[str, str]) -> set[str]:
    """All tokens that the seeds need, directly or through another token."""
    waiting, needed = set(seeds), set()
    while waiting:
        name = waiting.pop()
        if name not in tokens or name in needed:
            continue
        needed.add(name)
        waiting.update(USED.findall(tokens[name]))
    return needed


def pruned_tokens(theme: str, sheets: str) -> str:
    tokens = declarations(theme)
    needed = closure(USED.findall(sheets), tokens)
    body = "".join(f"  {name}: {value};\n" for name, value in tokens.items() if name in needed)
    return f".voorbeeld-theme {{\n{body}}}\n"


def font_face(font: Package, subset: str) -> str:
    """The font's own @font-face rule for one subset, pointing at our copy."""
    rules = (font.folder / "wght.css").read_text(encoding="utf-8")
    rule = re.search(rf"/\* noto-sans-{subset}-wght-normal \*/\s*(@font-face \{{.*?\}})", rules, re.DOTALL)
    if rule is None:
        raise VendorError(f"{font.name}: no {subset} subset")
    return re.sub(r"url\([^)]*\)", f"url({font_file(font, subset)})", rule.group(1))


def font_file(font: Package, subset: str) -> str:
    return f"noto-sans-{subset}-{font.version}.woff2"


def minify(modules: Path, css: str) -> str:
    command = [str(modules / ".bin" / "esbuild"), "--loader=css", "--minify", "--legal-comments=none"]
    return subprocess.run(command, input=css, capture_output=True, text=True, check=True).stdout


def notices(sheets: str, components: list[Package]) -> str:
    """Head of nlds.css: esbuild drops the notices inside, and EUPL-1.2 wants them kept."""
    holders = sorted(set(NOTICE.findall(sheets)) | {"Copyright (C) 2021 Gemeente Den Haag"})
    lines = ["@license EUPL-1.2, see licenses/EUPL-1.2.md", *holders, "Copyright (c) NL Design System community"]
    lines += ["Changed: joined, minified, unused design tokens left out. Parts:"]
    lines += [f"  {part.name} {part.version}" for part in components]
    return "/*!\n" + "".join(f" * {line.strip(' ') if line[0] != ' ' else line}\n" for line in lines) + " */\n"


def write_css(modules: Path, packages: dict[str, Package]) -> None:
    components = [part for part in packages.values() if part.is_component]
    joined = "\n".join(sheet(part).read_text(encoding="utf-8").split("/*# sourceMapping")[0] for part in components)
    own = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in OWN_SHEETS if (STATIC / name).exists())
    theme = (packages[TOKENS].folder / "dist" / "theme.css").read_text(encoding="utf-8")
    faces = "\n".join(font_face(packages[FONT], subset) for subset in FONT_SUBSETS)
    css = minify(modules, "\n".join([faces, pruned_tokens(theme, joined + own), joined]))
    (VENDOR / "nlds.css").write_text(notices(joined, [*components, packages[TOKENS]]) + css, encoding="utf-8")
    for part in (*components, packages[TOKENS]):
        part.files.append("nlds.css")


def copy_files(packages: dict[str, Package]) -> None:
    font, htmx = packages[FONT], packages[HTMX]
    shutil.copy(htmx.folder / "dist" / "htmx.min.js", VENDOR / "htmx.min.js")
    htmx.files.append("htmx.min.js")
    for subset in FONT_SUBSETS:
        shutil.copy(font.folder / "files" / f"noto-sans-{subset}-wght-normal.woff2", VENDOR / font_file(font, subset))
        font.files.append(font_file(font, subset))


def write_charts(modules: Path, packages: dict[str, Package]) -> None:
    """One file of what the entry names of ECharts; esbuild looks for packages beside it, so a copy stands there."""
    entry = Path(shutil.copy(CHARTS_ENTRY, modules.parent / CHARTS_ENTRY.name))
    parts = [packages[name] for name in CHARTS]
    options = ["--bundle", "--minify", "--format=iife", "--global-name=echarts", "--target=es2020"]
    command = [str(modules / ".bin" / "esbuild"), str(entry), *options, "--legal-comments=none"]
    script = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (VENDOR / CHARTS_FILE).write_text(charts_notice(parts) + script, encoding="utf-8")
    for part in parts:
        part.files.append(CHARTS_FILE)


def charts_notice(parts: list[Package]) -> str:
    lines = [f"{part.name} {part.version} ({part.licence}), see licenses/{part.licence_file}" for part in parts]
    lines.append("Changed: only what scripts/grafieken_ingang.js names, joined and minified.")
    return "/*! @license\n" + "".join(f" * {line}\n" for line in lines) + " */\n"


def licence_text(part: Package) -> str:
    """The licence of a package, followed by its notice and by the licences of what it embeds."""
    texts = [path for path in sorted(part.folder.iterdir()) if path.name.upper().startswith(("LICENSE.", "NOTICE"))]
    texts += [path for path in (part.folder / "LICENSE",) if path.is_file()]
    texts += sorted((part.folder / "licenses").glob("LICENSE*"))
    if not texts:
        raise VendorError(f"{part.name}: no licence text")
    return "\n\n".join(path.read_text(encoding="utf-8") for path in texts)


def copy_licences(packages: dict[str, Package]) -> None:
    (VENDOR / "licenses").mkdir(parents=True, exist_ok=True)
    for name in (TOKENS, *LICENCES):
        part = packages[name]
        (VENDOR / "licenses" / part.licence_file).write_text(licence_text(part), encoding="utf-8")


def report(packages: dict[str, Package]) -> str:
    rows = [
        f"| `{part.name}` | {part.version} | [{part.licence}](web/static/vendor/licenses/{part.licence_file}) "
        f"| {', '.join(f'`{name}`' for name in part.files)} |"
        for part in packages.values()
        if part.files
    ]
    return REPORT_HEAD + "\n".join(rows) + "\n"


REPORT_HEAD = """# Third-party files

These files of others are part of the repository, under `web/static/vendor/`. They were joined or copied by
`scripts/vendor_css.py` from the exact versions below; run it again to refresh them (needs npm). Everything else under
`web/static/` is our own. `nlds.css` is a changed work: joined, minified, unused design tokens left out. It keeps its
own licence (EUPL-1.2), with the notices of its authors at the top of the file. `echarts.min.js` is made of those parts
of Apache ECharts that `scripts/grafieken_ingang.js` names; its licence, the notice of the Apache Software Foundation
and the licence of d3, which it embeds, stand in one file.

| package | version | licence | file in `web/static/vendor/` |
| --- | --- | --- | --- |
"""


def build(modules: Path) -> None:
    packages = {name: package(modules, name, version) for name, version in pinned().items()}
    VENDOR.mkdir(parents=True, exist_ok=True)
    write_css(modules, packages)
    copy_files(packages)
    write_charts(modules, packages)
    copy_licences(packages)
    REPORT.write_text(report(packages), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--modules", type=Path, help="an existing node_modules folder with the pinned packages")
    modules: Path | None = parser.parse_args().modules
    try:
        refresh(modules)
    except (VendorError, subprocess.CalledProcessError, OSError) as problem:
        print(f"vendor_css: {problem}", file=sys.stderr)
        return 1
    return 0


def refresh(modules: Path | None) -> None:
    if modules is not None:
        return build(modules)
    with tempfile.TemporaryDirectory() as folder:
        install(Path(folder))
        return build(Path(folder) / "node_modules")


if __name__ == "__main__":
    sys.exit(main())
