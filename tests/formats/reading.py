"""How a page of HTML is read in the tests: its tags, and its texts by the class of an element."""

from html.parser import HTMLParser

NO_END = {"br", "meta", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The tags of a page, and its text by the class of the innermost element that has one."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in NO_END:
            self.open.append((tag, dict(attrs).get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        inside = [name for pair in self.open for name in pair]
        self.texts.append((inside, data))

    @property
    def text(self):
        """What a person reads."""
        shown = (data for inside, data in self.texts if "style" not in inside)
        return " ".join(" ".join(shown).split())

    def of(self, name):
        """The texts inside elements of a class or tag, one a run of text."""
        return [data.strip() for inside, data in self.texts if name in inside and data.strip()]
