"""Items whose every field tries to do something to the page that shows it.

Whatever is run says so in `window.ran` and by a dialog. All hosts end in `.invalid`, which no name
does (RFC 2606), so that nothing asked of them leaves the machine.
"""

import html
import random
from pathlib import Path
from typing import Any

from tests.indexer.samples import seed

RUN = "window.ran=1;alert(1)"
HOST = "hostile.invalid"
SHARED = "hostile"
"""A word that all of the items have in their title."""

MARKUP = (
    f"<script>{RUN}</script>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg onload={RUN}>",
    f"</title></textarea></style></script><script>{RUN}</script>",
    f"--></script><!--<script>{RUN}</script>",
    f"]]><script xmlns='http://www.w3.org/1999/xhtml'>{RUN}</script>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<a href=javascript:{RUN} autofocus tabindex=1 onfocus={RUN}>x</a>",
    f"<style>@import '//{HOST}/a.css';*{{color:red}}</style>",
    f"<base href=//{HOST}/><link rel=stylesheet href=//{HOST}/b.css>",
    f'<meta http-equiv=refresh content="0;url=//{HOST}/">',
    f"<object data=//{HOST}/c></object><embed src=//{HOST}/d>",
    f"<mark onmouseover={RUN} style='position:fixed;inset:0'>x</mark>",
    f"</mark></h2></article></main><script src=//{HOST}/e.js></script>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror={RUN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} {{% raw %}} <%= 1 %> #{{1}}",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e \\x3cimg src=x onerror={RUN}\\x3e",
    f"<svg><script href=data:,{RUN} /><animate onbegin={RUN} attributeName=x dur=1s>",
)

STRETCHED = (
    "w" * 10_000,
    "W\u0336" * 5_000,
    "\ufdfd" * 400,  # one letter as wide as a line
    "\u00a0" * 5_000 + "x",
    "-".join("ab" for _ in range(4_000)),
    "東" * 5_000,
    "م" * 5_000,
    "x\u2028y\u2029z" * 500,
    "👩‍👩‍👧‍👦" * 1_000,
    ("\u202e" + "desrever" + "\u2067" * 50 + "\u202d") * 20,
    "\u200f\u202b\u2068" * 100 + "אבג 123 abc",
    "".join(map(chr, range(1, 32))) + "\x7f\x85\x9f\ufffe\ud7ff",
    "e" + "\u0301" * 5_000,
    "<" * 2_000 + ">" * 2_000,
    "\"'" * 3_000 + "`" * 100 + "\\" * 1_000,
    "&amp;" * 2_000,
    "[" * 1_000 + "](" * 1_000 + "*_" * 1_000,
    "/" * 3_000,
)

TEXTS = (*MARKUP, *map(html.escape, MARKUP), *STRETCHED)
"""Entities are decoded once, so what is escaped here is markup to the page."""

ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f" \t javascript:{RUN}",
    f"java\nscript:{RUN}",
    f"javascript://{HOST}/%0A{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>",
    f"vbscript:{RUN}",
    "blob:null/1",
    "file:///etc/passwd",
    "about:blank",
    f"//{HOST}/relative",
    f"http://{HOST}/plain",
    f"https://{HOST}/a.jpg",
    f'https://{HOST}/"onmouseover="{RUN}',
    f"https://{HOST}/'><script>{RUN}</script>",
    f"https://{HOST}/\u202egpj.exe",
    f"https://user:secret@{HOST}/",
    f"https://{HOST}/" + "a" * 5_000,
    f"https://{HOST}/;sandbox;script-src *",
    f"https://{'a' * 63}.{'b' * 63}.{HOST}/",
    "https://[::1",
    "https://1.2.3.4.5.6:99999/",
    f"https:\\\\{HOST}\\back",
    f"view-source:https://{HOST}/",
)

MARKDOWN = (
    "[x](javascript:{run}) [y](<javascript:{run}>) [z](&#106;avascript:{run} 'a')",
    "![x](javascript:{run}) ![](data:image/svg+xml,<svg onload={run}>) ![](//{host}/f.png)",
    "![](http://{host}/g.png) ![](https://{host}/h.png)\n\n![](https://{host}/i.png '\"o={run}')",
    '<javascript:{run}> <https://{host}/"onmouseover={run}> javascript:{run}',
    "[a]: javascript:{run}\n\n[a] ![a] [a][a]",
    "> " * 400 + "deep",
    "\n".join("  " * depth + "- nested" for depth in range(120)),
    "|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n|" + "wide cell|" * 200,
    "```" + "x" * 5_000 + "\n" + "w" * 10_000 + "\n```",
    "    " + "c" * 10_000,
    "# " + "H" * 10_000 + "\n\n" + "#" * 6 + " <script>{run}</script>",
    "`" * 500 + "*" * 500 + "[" * 500,
    "<details open ontoggle={run}><summary>x</summary></details>\n\n<form action=//{host}><button>",
    "<p style='position:fixed;top:0;left:0;width:9999px;height:9999px'>over all</p>",
    "<h1 id=q name=forms class=hit>clobbered</h1><img name=getElementById>",
    "- [ ] task\n- [x] <input autofocus onfocus={run}>",
    "\u202ereversed **bold** [link](https://{host}/)",
    "~~" * 300 + "x[^1]\n\n[^1]: <img src=x onerror={run}>",
    "https://{host}/" + "l" * 8_000,
)


def write(seeds: Path, number: int) -> str:
    """Write the item of a number, always the same; its id."""
    draw = random.Random(f"hostile {number}")  # noqa: S311 - it draws examples, not secrets
    seed(seeds, f"h{number}", f"{SHARED} {number} {_text(draw)}", **_item(draw))
    with (seeds / f"h{number}.md").open("a", encoding="utf-8") as file:
        parts = draw.sample([*MARKDOWN, *MARKUP], 3)
        text = "\n\n".join(parts).replace("{run}", RUN).replace("{host}", HOST)
        file.write(f"\n{text}\n")
    return f"h{number}"


def _text(draw: random.Random) -> str:
    return draw.choice(TEXTS)


def _pictures(draw: random.Random) -> list[dict[str, Any]]:
    sides = (draw.choice((1, 50, 1_200, 10**9, -5, "1e3")) for _ in range(2))
    return [dict(zip(("url", "width", "height"), (draw.choice(ADDRESSES), *sides), strict=True))]


def _article(draw: random.Random) -> dict[str, Any]:
    """What an item and a related article both have."""
    addresses = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
    outlet = f"outlet{draw.randrange(40)}.invalid"
    return {
        "excerpt": _text(draw),
        "type": draw.choice(("article", "video", _text(draw)[:80])),
        "publishedDateTime": draw.choice(("2020-06-09T00:47:00Z", "2020-06-10", _text(draw)[:40])),
        **{name: draw.choice(ADDRESSES) for name in addresses},
        "images": _pictures(draw),
        "provider": {
            "name": _text(draw)[:3_000],
            "domain": draw.choice((outlet, outlet, _text(draw)[:200])),
            "images": _pictures(draw),
        },
    }


def _item(draw: random.Random) -> dict[str, Any]:
    related = [{"title": _text(draw), **_article(draw)} for _ in range(draw.randrange(6))]
    return {
        **_article(draw),
        "category": _text(draw)[:80],
        "topics": [_text(draw)[:300] for _ in range(draw.randrange(1, 5))],
        "authors": [_text(draw)[:300] for _ in range(draw.randrange(3))],
        "featuredContent": _text(draw),
        "quality": draw.choice((70, -1, 10**8)),
        "related": related,
    }
