"""What axe finds on a page.

Most of its time would go into the contrast of thousands of letters that look the same: of those
with the same color, size and weight over the same backgrounds it judges three, of links only those
that also differ from the text around them in the same way.
"""

from axe_playwright_python.sync_playwright import Axe
from sample import EVERYTHING

COLORS = ["color-contrast", "link-in-text-block"]  # the rules that ask for colors
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {
        "label-content-name-mismatch": {"enabled": True},
        "target-size": {"enabled": True},
        **{rule: {"enabled": False} for rule in COLORS},
    },
    "resultTypes": ["violations"],
    "preload": False,  # it would ask for style sheets at wrong addresses
}
EACH_LOOK = """each => {
  const around = new Map([[null, ""]]);
  const behind = element => {
    if (!around.has(element)) {
      const {backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, filter].join();
      const plain = own === "rgba(0, 0, 0, 0),none,1,none";
      around.set(element, behind(element.parentElement) + (plain ? "" : own + ";"));
    }
    return around.get(element);
  };
  // Of a single letter axe says nothing.
  const isWritten = ({childNodes}) => [...childNodes].map(({nodeType, data}) =>
    nodeType === Node.TEXT_NODE ? data : "").join("").trim().length > 1;
  const looks = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (!isWritten(element) && !element.matches("a, input, select, textarea")) continue;
    if (!element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
    const {color, fontSize, fontWeight, textShadow, textDecorationLine} = getComputedStyle(element);
    const look = [color, fontSize, fontWeight, textShadow, behind(element)];
    if (element.matches("a")) {
      const text = element.parentElement;
      look.push(textDecorationLine, isWritten(text), getComputedStyle(text).color);
    }
    looks.set(look.join(), [...(looks.get(look.join()) ?? []), element]);
  }
  return [...looks.values()].flatMap(same => same.length <= each ? same :
    Array.from({length: each}, (_, i) => same[Math.floor(i * (same.length - 1) / (each - 1))]));
}"""
JUDGE = f"""async ([everything, options]) => {{
  const include = everything ? [document.documentElement] : ({EACH_LOOK})(3);
  return (await axe.run({{include}}, options)).violations;
}}"""


def broken_rules(page):
    """Return the breaches of the rules that do not ask for colors."""
    return _told(Axe().run(page, options=RULES).response["violations"])


def pale_texts(page):
    """Return the texts and links that stand out too little in the colors that the page has now."""
    page.evaluate(Axe().axe_script)
    options = {"runOnly": COLORS, "resultTypes": ["violations"], "preload": False}
    return _told(page.evaluate(JUDGE, [EVERYTHING, options]))


def _told(violations):
    return [f"{v['id']}: {node['html'][:200]}" for v in violations for node in v["nodes"]]
