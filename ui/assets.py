"""The page's own style and script, as Gradio wants them. Knows nothing of what they do."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_STYLES = ("page.css", "models.css", "library.css", "evaluation.css", "app.css")
_SCRIPTS = ("stream.js", "page.js")

# Gradio finds the events of a component by their quoted names in this text, and hands it
# `element` and `trigger`. The script may arrive after the component.
ON_LOAD = """
// 'ask' 'edit' 'undo' 'like' 'note' 'article' 'choose'
(function begin() {
  if (window.kutip) window.kutip.bind(element, trigger); else setTimeout(begin, 20);
})();
"""

# The holder of the whole article: when it has a new one, the reader is shown it.
READER_ON_LOAD = """
watch('value', () => { if (window.kutip) window.kutip.read(element); });
"""


def css() -> str:
    """The style sheet of everything that the page draws itself."""
    return "".join((_HERE / name).read_text(encoding="utf-8") for name in _STYLES)


def head() -> str:
    """What belongs into the page's head: its scripts, and the style sheet as it is written.

    Gradio's own `css` puts every selector below its container and loses media queries, so that
    a dialog, which stands outside of it, and a phone would go without.
    """
    script = "".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return f"<style>\n{css()}</style>\n<script>\n{script}</script>"
