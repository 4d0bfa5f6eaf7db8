"""Brings the catalogues up to date with the texts of code and templates: ``python -m center.web.catalogues``.

New texts are added empty and those that nothing shows any more are dropped; a test fails until the new ones are
translated.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from center.web.languages import OWN_NAMES, Language, catalogue_path

ROOT = Path(__file__).parents[1]
_METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
_CHANGING = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Report-Msgid', b'"Last-Translator', b'"Language-Team')
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "translate": None,
    "plural": (1, 2),
}


def extracted(root: Path = ROOT) -> Catalog:
    """Every text of the centre's code and templates."""
    catalogue = Catalog(project="speccenter", charset="utf-8")
    found = extract_from_dir(str(root), _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for file, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(file, 0)], context=context)
    return catalogue


def current(language: Language) -> Catalog:
    """The catalogue of a language as it lies on disk; empty if there is none yet."""
    path = catalogue_path(language)
    return read_po(BytesIO(path.read_bytes() if path.is_file() else b""), locale=str(language))


def updated(language: Language, template: Catalog) -> bytes:
    """The language's catalogue, brought up to date with a template, as the bytes of its .po file."""
    catalogue = current(language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.project, catalogue.version = "speccenter", "pages"
    catalogue.header_comment = f"# The texts of the pages in {OWN_NAMES[language]}."
    output = BytesIO()
    write_po(output, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    return _without_what_changes(output.getvalue())


def main() -> None:
    """Rewrite the three catalogues and tell how many texts are still to be translated."""
    template = extracted()
    for language in Language:
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(updated(language, template))
        missing = [one for one in current(language) if one.id and not one.string]
        print(f"{language}: {len(missing)} texts to translate")


def _without_what_changes(data: bytes) -> bytes:
    """A date of writing would make every run a change, and nobody is to be asked by mail."""
    lines = data.splitlines(keepends=True)
    return b"".join(one for one in lines if not one.startswith(_CHANGING))


if __name__ == "__main__":
    main()
