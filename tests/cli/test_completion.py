"""Completion in the real shells: what TAB makes of a line, without a dmcalc to be found."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import dmcalc
from dmcalc.cli import COMMANDS
from dmcalc.cli._command_model import Argument, CommandModel, CommandOption
from dmcalc.cli.completion import _BASH, script_of

from .typing import PROMPT, typed

SHELLS = ("bash", "zsh", "fish")
#: Where the shells are, and no dmcalc: what completes does so without it.
PATH = "/usr/local/bin:/usr/bin:/bin"
DRUGS = list(dmcalc.load_table().table.drugs)

BASHRC = f"""\
PS1='{PROMPT} '
bind 'set show-all-if-ambiguous on'
bind 'set completion-query-items 0'
bind 'set enable-bracketed-paste off'
bind -x '"\\C-o": printf "%s\\n" "$READLINE_LINE" > line'
. ./script
"""
ZSHRC = f"""\
PS1='{PROMPT} '
autoload -Uz compinit
compinit -u -D
unset zle_bracketed_paste
show() {{ print -r -- "$BUFFER" > line }}
zle -N show
bindkey '^O' show
. ./script
"""


def need(shell):
    found = shutil.which(shell, path=PATH)
    if found is None:
        pytest.skip(f"{shell} is not installed: its completion is not tested here")
    if shutil.which("dmcalc", path=PATH):
        pytest.skip("a dmcalc is installed where the shells are: the script could call it")
    return found


@pytest.fixture(scope="session")
def script(call):
    """Return the script of a shell, made once."""
    return cache(lambda shell: call("completion", shell).stdout)


@pytest.fixture
def folder(tmp_path, script, request):
    """A folder with the script of a shell, two files, and a start-up file for bash and zsh."""
    shell = getattr(request, "param", "bash")
    (tmp_path / "script").write_text(script(shell))
    (tmp_path / ".bashrc").write_text(BASHRC)
    (tmp_path / ".zshrc").write_text(ZSHRC)
    (tmp_path / "my patients.csv").write_text("weight\n70\n")
    (tmp_path / "table.yaml").write_text("")
    return tmp_path


def environment(folder):
    return {
        **{"PATH": PATH, "HOME": str(folder), "ZDOTDIR": str(folder), "INPUTRC": "/dev/null"},
        **{"TERM": "xterm", "LC_ALL": "C.UTF-8", "COLUMNS": "200", "XDG_DATA_HOME": str(folder)},
    }


def tab(shell, keys, folder):
    """Return the line after the keys were typed, and what the terminal showed."""
    program = need(shell)
    command = {
        "bash": [program, "--noprofile", "--rcfile", ".bashrc", "-i"],
        "zsh": [program, "-i"],
    }[shell]
    return typed(command, keys, folder, environment(folder))


def offered(shell, line, folder):
    """Return what is offered at the end of a line, by the function of the script itself."""
    program = need(shell)
    code = {
        # the words of the line as readline parts them
        "bash": '. ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dmcalc; '
        'printf "%s\\n" "${COMPREPLY[@]}"',
        "fish": 'source ./script; complete -C "$argv[1]"',
    }[shell]
    words = re.split(r"(?<=[^=])(?==)|(?<==)(?=[^=])|(?<!\\) ", line) if shell == "bash" else [line]
    before = ["--noprofile", "--norc", "-c", code, "bash"] if shell == "bash" else ["-c", code]
    done = subprocess.run(
        [program, *before, *words], cwd=folder, env=environment(folder),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return [text.partition("\t")[0] for text in done.stdout.splitlines() if text]


CASES = [
    ("dmcalc ", COMMANDS),
    ("dmcalc do", ["dose"]),
    ("dmcalc table ", ["check", "diff", "schema"]),
    ("dmcalc show predn", ["prednisone", "prednisolone"]),
    ("dmcalc dose prednisone tacro", ["tacrolimus"]),
    ("dmcalc dose --weight 70 -s mild tacro", ["tacrolimus"]),
    ("dmcalc show tacrolimus ivi", ["ivig"]),
    ("dmcalc taper ivig tacro", []),
    ("dmcalc show predni --format cs", ["csv"]),
    ("dmcalc dose prednisone --sev", ["--severity"]),
    ("dmcalc dose --taking allop", ["allopurinol"]),
    ("dmcalc infusion ivig --condition thromb", ["thrombosis-risk"]),
    ("dmcalc dose --severity ", ["mild", "moderate", "severe"]),
    ("dmcalc dose -s ", ["mild", "moderate", "severe"]),
    ("dmcalc dose --weight ", []),
    ("dmcalc dose --format ", ["table", "json", "jsonl", "csv", "tsv", "markdown", "fhir"]),
    ("dmcalc taper --format i", ["ics"]),
    ("dmcalc batch x.csv --format ", ["csv", "tsv", "jsonl"]),
    ("dmcalc taper prednisone --protocol e", ["etg", "ese-es-2024"]),
    ("dmcalc dose Predn", ["prednisone", "prednisolone"]),
    ("dmcalc titrate methotrexate -p pro", ["prometheus"]),
    ("dmcalc check prednisone ", []),
    ("dmcalc check azathioprine x --phase t", ["target"]),
    ("dmcalc dose --field sug", ["suggested"]),
    ("dmcalc table check --field fig", ["figures"]),
    ("dmcalc table check --sev", []),
    ("dmcalc completion ", ["bash", "zsh", "fish"]),
    ("dmcalc schema ch", ["check"]),
    ("dmcalc dose nothing-like-it", []),
    ("dmcalc nothing ", []),
    ("dmcalc drugs --table ta", ["table.yaml"]),
]


@pytest.mark.parametrize("folder", ["bash", "fish"], indirect=True)
@pytest.mark.parametrize(("line", "words"), CASES, ids=lambda value: str(value))
def test_what_is_offered(folder, line, words):
    shell = "fish" if "fish completion" in (folder / "script").read_text() else "bash"
    assert sorted(offered(shell, line, folder)) == sorted(words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("dmcalc dose --format=", ["table", "json", "jsonl", "csv", "tsv", "markdown", "fhir"]),
        ("dmcalc dose --format=js", ["json", "jsonl"]),
        ("dmcalc dose --weight=70 --format=csv pred", ["prednisone", "prednisolone"]),
        ("dmcalc show -- predn", ["prednisone", "prednisolone"]),
        ("dmcalc show -- --form", []),
        ("dmcalc show nor", [r"normal\ human\ immunoglobulin"]),
        (r"dmcalc show normal\ hu", [r"normal\ human\ immunoglobulin"]),
        ("dmcalc show \"immune' g", []),
    ],
)
def test_what_bash_offers(folder, line, words):
    assert offered("bash", line, folder) == words


def test_bash_without_a_word_break_at_the_equals_sign(folder):
    code = (
        ". ./script; COMP_WORDS=(dmcalc dose --format=js); COMP_CWORD=2; _dmcalc; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        [need("bash"), "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["--format=json", "--format=jsonl"]


TYPED = [
    ("dmcalc dos\t", "dmcalc dose "),
    ("dmcalc dose prednison\t", "dmcalc dose prednisone "),
    ("dmcalc dose ivig tacro\t", "dmcalc dose ivig tacrolimus "),
    ("dmcalc table che\t", "dmcalc table check "),
    ("dmcalc table check --fie\t", None),
    ("dmcalc dose -s mod\t", "dmcalc dose -s moderate "),
    ("dmcalc taper prednisone --protocol hh\t", "dmcalc taper prednisone --protocol hhe-2018 "),
    ("dmcalc dose --severity=mod\t", "dmcalc dose --severity=moderate "),
    ("dmcalc show normal\t", r"dmcalc show normal\ human\ immunoglobulin "),
    (r"dmcalc show normal\ h" + "\t", r"dmcalc show normal\ human\ immunoglobulin "),
    ('dmcalc show "normal h\t', 'dmcalc show "normal human immunoglobulin" '),
    ("dmcalc show 'normal h\t", "dmcalc show 'normal human immunoglobulin' "),
    ("dmcalc batch my\t", r"dmcalc batch my\ patients.csv "),
    (r"dmcalc batch my\ pa" + "\t", r"dmcalc batch my\ patients.csv "),
    ('dmcalc batch "my pa\t', 'dmcalc batch "my patients.csv" '),
    ("dmcalc drugs --table=ta\t", "dmcalc drugs --table=table.yaml "),
    ("dmcalc drugs --table ta\t", "dmcalc drugs --table table.yaml "),
    ("dmcalc table check tab\t", "dmcalc table check table.yaml "),
    ("dmcalc dose --weight ta\t", "dmcalc dose --weight ta"),
    ("dmcalc show ivig tacro\t", "dmcalc show ivig tacrolimus "),
    ("dmcalc taper ivig ta\t", "dmcalc taper ivig ta"),
]


@pytest.mark.parametrize(
    ("folder", "shell"),
    [("bash", "bash"), ("zsh", "zsh")],
    indirect=["folder"],
    ids=["bash", "zsh"],
)
@pytest.mark.parametrize(("keys", "line"), TYPED, ids=[keys.strip() for keys, _ in TYPED])
def test_a_line_that_is_typed(folder, shell, keys, line):
    found, _ = tab(shell, keys, folder)
    # zsh takes the equals sign of a long option along
    wanted = line or "dmcalc table check --field" + ("=" if shell == "zsh" else " ")
    assert found == wanted


@pytest.mark.parametrize(
    ("folder", "shell"),
    [("bash", "bash"), ("zsh", "zsh")],
    indirect=["folder"],
    ids=["bash", "zsh"],
)
@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("dmcalc \t\t", COMMANDS),
        ("dmcalc show \t\t", DRUGS),
        ("dmcalc dose --severity \t\t", ["mild", "moderate", "severe"]),
        ("dmcalc dose --format \t\t", ["json", "jsonl", "markdown"]),
        ("dmcalc dose --\t\t", ["--weight", "--severity", "--field", "--help"]),
        ("dmcalc completion \t\t", SHELLS),
    ],
)
def test_a_list_that_is_shown(folder, shell, keys, words):
    _, shown = tab(shell, keys, folder)
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("folder", ["zsh"], indirect=True)
def test_zsh_offers_no_option_by_its_other_name(folder):
    _, shown = tab("zsh", "dmcalc dose -s mild --s\t\t", folder)
    assert "--strict" in shown
    assert "--severity" not in shown


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_read_without_a_word_from_its_shell(call, tmp_path, shell):
    done = call("completion", shell)
    assert (done.code, done.stderr) == (0, "")
    assert f"dmcalc {dmcalc.__version__}, drug table " in done.stdout.partition("\n\n")[0]
    (tmp_path / "script").write_text(done.stdout)
    checked = subprocess.run(
        [need(shell), "-n", "script"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (checked.stdout, checked.stderr) == ("", "")


def test_zsh_finds_it_by_its_name_in_fpath(call, tmp_path):
    (tmp_path / "_dmcalc").write_text(call("completion", "zsh").stdout)
    (tmp_path / ".zshrc").write_text("fpath=($PWD $fpath)\n" + ZSHRC.replace(". ./script\n", ""))
    for keys in ("dmcalc dose prednison\t", "dmcalc dos\t\b\b\b\b\bshow rituxi\t"):
        found, _ = tab("zsh", keys, tmp_path)
        assert found.split()[-1] in ("prednisone", "rituximab")


def test_shellcheck_has_nothing_to_say_of_what_is_not_from_shtab(tmp_path):
    program = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("shellcheck is not installed")
    (tmp_path / "script").write_text(f"{_BASH}\ncomplete -F _dmcalc dmcalc\n")
    done = subprocess.run(
        [program, "--shell=bash", "script"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_another_table_has_its_own_words(call, bundled, tmp_path, shell):
    text = bundled.read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(text.replace("immune globulin", 'it\'s "immune": globulin'))
    done = call("completion", shell, "--table", str(tmp_path / "own.yaml"))
    # what cannot be a name in the table cannot break the script
    assert (done.code, done.stdout == "") in ((0, False), (7, True))


def test_an_unknown_shell_is_refused(call):
    done = call("completion", "tcsh")
    assert (done.code, done.stdout) == (2, "")
    assert "is not one of bash, zsh, fish" in done.stderr


# A help text may hold what a shell would take for its own.
@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_shell_would_take_for_its_own_is_quoted(tmp_path, shell):
    nasty = 'it\'s $(touch ran) `touch ran` [a]:b \\ "c" ; touch ran # *'
    option = CommandOption(("--what", "-w"), nasty, "WORD", (nasty, "plain"), False, False)
    model = [
        CommandModel("", "", (), (), (), (), ("go",)),
        CommandModel(
            "go", nasty, (), (), (option,), (Argument("W", "", (nasty,), False, True, True),), ()
        ),
    ]
    (tmp_path / "script").write_text(script_of(model, shell, "x"))
    (tmp_path / ".zshrc").write_text(ZSHRC)
    if shell == "zsh":
        found, _ = tab("zsh", "dmcalc go --what pl\t", tmp_path)
        assert found == "dmcalc go --what plain "
    else:
        found = offered(shell, "dmcalc go --what ", tmp_path)
        # bash offers it as it must be typed, fish as it is
        assert sorted(nasty if text == nasty else shlex.split(text)[0] for text in found) == sorted(
            [nasty, "plain"]
        )
    assert not (tmp_path / "ran").exists()
