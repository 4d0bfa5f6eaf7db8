"""Every refusal that a person can meet is told in Kazakh, Russian and English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polib
import pytest

from center import errors
from center.casework.documents.refusal import BadScan
from center.casework.fields import BadFields, Fault
from center.casework.parties.iin import BadNumber
from center.casework.payments.office import GatewaySilent
from center.errors import BadRequest, CenterError, Conflict, Forbidden, NotFound, RoleName, Text
from center.people import powers_file
from center.people.powers import Refusal
from center.web.catalogues import ROOT
from center.web.error_pages import TOLD
from center.web.formats import Formats
from center.web.languages import Language, catalogue_path
from center.web.reader import Reader

# What only commands and start-up raise: whoever reads that has a terminal, and English.
_OF_COMMANDS = (
    "commands/",
    "append_only.py",
    "tls.py",
    "casework/bulk.py",
    "driving_track/actions/",
    "driving_track/ingest/",
    "people/actions/bootstrap.py",
    "people/demo_passkeys.py",
)
_KINDS = {
    kind.__name__: kind
    for kind in (*vars(errors).values(), BadScan, BadNumber, GatewaySilent, Refusal)
    if isinstance(kind, type) and issubclass(kind, CenterError | Refusal)
}
_UNTOLD = {"CenterError", "UnsafeSettings", "BadRuleData", "Unfit"}
_TEXT_AT = {"Refusal": 2}


def _raised() -> Iterator[tuple[str, ast.expr]]:
    """Where each refusal is made, and the expression that is its text."""
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(_OF_COMMANDS) or name == "errors.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            kind = _KINDS.get(getattr(node.func, "id", ""))
            if kind is None or kind.__name__ in _UNTOLD or kind is NotFound:
                continue
            yield f"{name}:{node.lineno}", node.args[_TEXT_AT.get(kind.__name__, 0)]


def _is_marked(text: ast.expr) -> bool:
    """Whether a text comes from the catalogues: marked where it stands, or a name of what is marked elsewhere."""
    if isinstance(text, ast.Call):
        return getattr(text.func, "id", "") == "N_"
    return isinstance(text, ast.Name | ast.Attribute | ast.Subscript)


def _bare_names() -> Iterator[tuple[str, str]]:
    """Names that hold a sentence which nothing marks, by module."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Assign | ast.AnnAssign):
                continue
            targets, value = node.targets if isinstance(node, ast.Assign) else [node.target], node.value
            if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)):
                yield from ((path.relative_to(ROOT).as_posix(), one.id) for one in targets if isinstance(one, ast.Name))


def test_every_refusal_is_a_text_of_the_catalogues() -> None:
    found = dict(_raised())
    assert len(found) > 150
    assert [place for place, text in found.items() if not _is_marked(text)] == []
    bare = set(_bare_names())
    names = [(place, text.id) for place, text in found.items() if isinstance(text, ast.Name)]
    assert len(names) > 10
    assert [(place, name) for place, name in names if (place.split(":")[0], name) in bare] == []


def test_what_is_not_told_on_a_page_is_what_only_says_that_nothing_is_there() -> None:
    told = {kind.status for kind in _KINDS.values() if issubclass(kind, CenterError) and kind.__name__ not in _UNTOLD}
    assert told - TOLD == {401, 404}


@pytest.mark.parametrize("language", list(Language), ids=str)
def test_why_two_actions_are_never_one_persons_is_told_in_every_language(language: Language) -> None:
    powers = powers_file.load()
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue_path(language)))}
    for reason in {*(one.reason for one in powers.separations), *(one.reason for one in powers.exclusions)}:
        assert catalogue.get(reason), reason


def _told(error: CenterError, language: Language) -> str:
    return Reader(Formats(language, "Asia/Almaty")).refusal(error)


def test_a_refusal_says_roles_titles_and_days_in_the_readers_words() -> None:
    roles = RoleName("operator"), RoleName("auditor")
    error = Forbidden("This is for these roles only: %(roles)s.", roles=roles)
    assert str(error) == "This is for these roles only: operator, auditor."
    assert _told(error, Language.RU) == "Это открыто только для ролей: Оператор, Аудитор."
    step = Conflict("The step “%(step)s” is done already.", step={"kk": "Қабылдау", "ru": "Приём", "en": "Acceptance"})
    assert str(step) == "The step “Acceptance” is done already."
    assert _told(step, Language.KK) == "«Қабылдау» қадамы орындалып қойған."
    day = Conflict("The day %(day)s is closed already.", day=date(2026, 11, 25))
    assert str(day) == "The day 2026-11-25 is closed already."
    assert _told(day, Language.RU) == "День 25 нояб. 2026 уже закрыт."
    reason = Text("who inspects does not issue.")
    refusal = Conflict("Nobody has both these roles: %(roles)s. The reason: %(reason)s", roles=roles, reason=reason)
    assert _told(refusal, Language.RU).endswith("Причина: кто осматривает, тот не выдаёт.")


def test_a_form_with_several_faults_tells_each_of_them() -> None:
    faults = [
        Fault("a", "Fill this in."),
        Fault("blank", "Blank %(serial)s was used or spoilt already.", {"serial": "A1"}),
    ]
    error = BadFields(faults)
    assert str(error) == "a: Fill this in. blank: Blank A1 was used or spoilt already."
    assert _told(error, Language.RU) == "Заполните это поле. Бланк A1 уже использован или испорчен."


def test_what_somebody_typed_is_neither_a_format_nor_a_text_to_translate() -> None:
    error = BadRequest("There is no role '%(role)s'.", role="100 % %s Choose a role.")
    assert _told(error, Language.RU) == "Нет роли «100 % %s Choose a role.»."
    assert _told(BadRequest("100 % of it"), Language.RU) == "100 % of it"


def test_the_files_of_commands_that_are_left_out_are_there() -> None:
    assert [name for name in _OF_COMMANDS if not Path(ROOT, name).exists()] == []
