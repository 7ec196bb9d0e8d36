"""What can be measured of how a page looks: widths, contrast, whether the focus is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AA, AA_LARGE = 4.5, 3.0  # WCAG 2.2, 1.4.3: large is 24 px, or 18.66 px in bold

# Every piece of text that is seen, with the contrast to what lies behind it. Colours are read
# back from a canvas, which knows every notation.
_CONTRASTS = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, below, opacity) => {
    const a = top[3] * opacity;
    return [0, 1, 2].map((n) => top[n] * a + below[n] * (1 - a)).concat(1);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((n) => n / 255)
      .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const found = [];
  const judge = (element, text, colour) => {
    const chain = [];
    for (let at = element; at; at = at.parentElement) chain.unshift(getComputedStyle(at));
    let behind = [255, 255, 255, 1], opacity = 1;
    for (const style of chain) {
      opacity *= Number(style.opacity);
      behind = over(rgba(style.backgroundColor), behind, opacity);
    }
    const own = chain[chain.length - 1], size = parseFloat(own.fontSize);
    const bold = Number(own.fontWeight) >= 700;
    const front = over(rgba(colour || own.color), behind, opacity);
    const within = element.closest('[id]')?.id;
    const named = `${element.tagName.toLowerCase()} ${[...element.classList]} in ${within}`;
    found.push({
      text: text.trim().slice(0, 40), element: named,
      ratio: ratio(front, behind), large: size >= 24 || (bold && size >= 18.66),
    });
  };
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    if (element.matches(':disabled, script, style, noscript')) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (element.matches('input, textarea')) {
      if (element.value) judge(element, element.value);
      else if (element.placeholder) {
        judge(element, element.placeholder, getComputedStyle(element, '::placeholder').color);
      }
      continue;
    }
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const text = own.map((node) => node.data).join('');
    if (text.trim()) judge(element, text);
  }
  return found;
}"""

# How the element with the keyboard looks, and how it looks without it.
_FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const shapes = [element, element.parentElement, element.closest('label, .wrap, .block')];
  const looks = () => shapes.filter(Boolean).map((one) => {
    const style = getComputedStyle(one);
    return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow,
            style.borderColor, style.backgroundColor].join('|');
  }).join('#');
  const within = element.closest('[id]')?.id;
  const text = element.textContent.trim().slice(0, 30);
  const told = `${element.tagName.toLowerCase()} ${element.className} in ${within} ${text}`;
  const focused = looks();
  element.blur();
  const plain = looks();
  element.focus({preventScroll: true, focusVisible: true});
  return [told, focused !== plain];
}"""


def is_too_wide(page: Page) -> bool:
    """Whether the page can be scrolled sideways."""
    wide: bool = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) > innerWidth"
    )
    return wide


def too_faint(page: Page) -> list[str]:
    """The texts on the page that have too little contrast, each with what it has."""
    _still(page)
    found: list[dict[str, Any]] = page.evaluate(_CONTRASTS)
    assert len(found) > 5
    return [
        f"{one['ratio']:.2f} {one['element']} {one['text']!r}"
        for one in found
        if one["ratio"] < (AA_LARGE if one["large"] else AA) - 0.005
    ]


def unseen_focus(page: Page, *, most: int = 60) -> tuple[int, list[str]]:
    """How many elements the Tab key reaches, and those that do not look focused then."""
    reached, unseen = set(), []
    _still(page)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUS)
        if found is None:
            break
        told, is_seen = found
        reached.add(told)
        if not is_seen:
            unseen.append(told)
    return len(reached), unseen


def _still(page: Page) -> None:
    """End all movement: a colour that is on its way to another one is neither."""
    page.add_style_tag(
        content="*, *::before, *::after { transition: none !important;"
        " animation: none !important; }"
    )
