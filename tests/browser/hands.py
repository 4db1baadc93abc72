"""A person at a browser: what they press, choose and write, with a mouse, with a finger or by keyboard alone."""

import re
from typing import Any

from playwright.sync_api import Locator, Page

#: Where the keyboard is, the page must show it: an outline, a ring, or either around the label of a hidden box.
SHOWS_FOCUS = """here => {
    const marked = (node, part) => {
        const style = getComputedStyle(node, part);
        return (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
    };
    return marked(here) || [...(here.labels || [])].some(label => marked(label) || marked(label, '::before'));
}"""
IS_HERE = "wanted => wanted === document.activeElement"
IS_IN_GROUP = """wanted => {
    const here = document.activeElement;
    return here === wanted || (here.type === 'radio' && here.name === wanted.name && here.form === wanted.form);
}"""


class Hands:
    """Uses a page with a mouse. Everything is found by what it says, as a person or a screen reader finds it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def find(self, role: Any, words: str, near: str = "") -> Locator:
        """What begins with these words; with `near`, inside the smallest part of the page that says so too."""
        place: Page | Locator = self.page
        if near:
            part = self.page.locator("main :is(article, section, fieldset, li, .govuk-form-group)")
            place = part.filter(has_text=near).filter(has=self._named(self.page, role, words)).last
        return self._named(place, role, words).first

    @staticmethod
    def _named(place: Page | Locator, role: Any, words: str) -> Locator:
        return place.get_by_role(role, name=re.compile(rf"^\s*{re.escape(words)}"))

    def follow(self, words: str, near: str = "") -> None:
        self.press(words, near, role="link")

    def press(self, words: str, near: str = "", role: str = "button") -> None:
        self.presses += 1
        self.activate(self.find(role, words, near))
        self.page.wait_for_load_state()

    def choose(self, words: str, near: str = "") -> None:
        self.presses += 1
        self.mark(self.find("radio", words, near))

    def write(self, label: str, words: str, near: str = "") -> None:
        self.type(self.find("textbox", label, near), words)

    def pick(self, label: str, words: str, near: str = "") -> None:
        self.presses += 1
        self.select(self.find("combobox", label, near), words)

    def activate(self, there: Locator) -> None:
        there.click()

    def mark(self, there: Locator) -> None:
        there.check()

    def type(self, there: Locator, words: str) -> None:
        there.fill(words)

    def select(self, there: Locator, words: str) -> None:
        there.select_option(label=words)


class Finger(Hands):
    """Uses a phone."""

    def activate(self, there: Locator) -> None:
        there.tap()


class Keys(Hands):
    """Uses nothing but Tab, Enter, Space and the arrows, and what a keyboard writes."""

    def reach(self, there: Locator, arrived: str = IS_HERE) -> None:
        """Press Tab until the keyboard is there; each stop on the way has to be seen."""
        there.wait_for(state="attached")
        self.page.wait_for_load_state()  # a banner takes the keyboard once the page's scripts have run
        wanted = there.element_handle()
        self._skip_what_is_above(wanted)
        for _ in range(250):
            if wanted.evaluate(arrived):
                assert self.page.evaluate(f"({SHOWS_FOCUS})(document.activeElement)"), "focus is not shown"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {there}")

    def _skip_what_is_above(self, wanted: Any) -> None:
        """On a fresh page the first stop leads past its top, unless the address leads further down already."""
        fresh = self.page.evaluate("document.activeElement === document.body")
        if fresh and wanted.evaluate("it => document.querySelector('main').contains(it)"):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate("document.activeElement.textContent")
            if "#" not in self.page.url:
                assert stop == "Skip to the page"
                self.page.keyboard.press("Enter")

    def activate(self, there: Locator) -> None:
        self.reach(there)
        self.page.keyboard.press("Enter")

    def mark(self, there: Locator) -> None:
        self.reach(there, IS_IN_GROUP)
        for _ in range(30):
            if there.evaluate(IS_HERE):
                break
            self.page.keyboard.press("ArrowDown")
        if not there.is_checked():
            self.page.keyboard.press("Space")
        assert there.is_checked()

    def type(self, there: Locator, words: str) -> None:
        self.reach(there)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)

    def select(self, there: Locator, words: str) -> None:
        self.reach(there)
        away = "(it, words) => [...it.options].findIndex(o => o.label.trim() === words) - it.selectedIndex"
        for _ in range(40):
            steps = there.evaluate(away, words)
            if steps == 0:
                return
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        raise AssertionError(f"The arrows never come to {words}")
