"""The scripts in ``examples/`` are run, with a space and a quote in the name of their folder."""

from __future__ import annotations

import csv
import datetime
import email.policy
import os
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path

import icalendar
import pytest

from .conftest import DMCALC, ROOT, environment

EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(EXAMPLES.glob("*.sh"))
TAPER = ("prednisone", "2026-12-01", "--weight", "70", "--severity", "severe")


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / 'it\'s a "folder" with $HOME'
    found.mkdir()
    return found


#: When calendars are made, of the scripts and of what they are compared with: 1 December 2026.
MADE = {"SOURCE_DATE_EPOCH": "1796083200"}


@pytest.fixture(autouse=True)
def made(monkeypatch):
    for name, value in MADE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def script(folder):
    """Run a script of the examples in the folder, as it is or by a given shell."""

    def start(name, *args, shell=None, **env):
        path = f"{Path(DMCALC).parent}{os.pathsep}{os.environ['PATH']}"
        command = [str(EXAMPLES / name), *map(str, args)]
        return subprocess.run(
            [*([shell] if shell else []), *command], cwd=folder,
            env=environment({"PATH": path, **MADE, **env}),
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return start


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
class TestEachScript:
    def test_shellcheck_has_nothing_to_say(self, path):
        program = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip("shellcheck is not installed")
        done = subprocess.run([program, path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")

    def test_it_may_be_run_and_stops_at_what_goes_wrong(self, path):
        assert os.access(path, os.X_OK)
        assert path.read_text().startswith("#!/bin/sh\n# ")
        assert "\nset -eu\n" in path.read_text()

    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_it_says_how_it_is_called(self, script, path, option):
        done = script(path.name, option)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Usage: {path.name} ")

    @pytest.mark.parametrize("args", [(), ("one",)])
    def test_too_few_words_are_2(self, script, folder, path, args):
        done = script(path.name, *args)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"Usage: {path.name} ")
        assert files(folder) == []


def test_every_file_stands_in_the_readme():
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    names = [path.name for path in EXAMPLES.iterdir() if path.name != "README.md"]
    assert [name for name in names if f"]({name})" not in text] == []
    assert len(SCRIPTS) == 3


class TestNightlyCheck:
    # 70 kg: 52.5 to 70 mg, cap 80; 154 lb is 69.85 kg: azathioprine 139.7 to 174.6 mg; methotrexate
    # 10 mg, then 20 to 25 mg, once a week; 2 g/kg over 2 to 5 days
    VERDICTS = {  # noqa: RUF012
        "1001": ("within", "0"),
        "1002": ("over-cap", "5"),
        "1003": ("within", "0"),
        "1004": ("within", "0"),  # the start of a published titration, above the reference's own
        "1005": ("refused", "5"),
        "1006": ("within", "0"),
        "1007": ("within", "5"),  # no whole tablets make 62.3 mg
        "1010": ("below", "5"),
    }

    @pytest.mark.parametrize("shell", [None, "dash", "bash"])
    def test_a_night(self, script, folder, shell):
        if shell and not shutil.which(shell):
            pytest.skip(f"{shell} is not installed")
        day = datetime.date.today()
        done = script("nightly-check.sh", EXAMPLES / "orders.csv", folder, shell=shell)
        assert (done.returncode, done.stderr) == (4, "")
        assert done.stdout == f"{folder}/report-{day}.txt\n"
        assert files(folder) == [
            f"checked-{day}.tsv", f"rejected-{day}.csv", f"report-{day}.txt"
        ]  # fmt: skip
        with (folder / f"checked-{day}.tsv").open(newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t"))
        assert {row["id"]: (row["order_verdict"], row["exit"]) for row in rows} == self.VERDICTS
        stepped = {row["id"] for row in rows if "not-start-dose" in row["warnings"]}
        assert stepped == {"1004"}
        with (folder / f"rejected-{day}.csv").open(newline="") as stream:
            rejected = {row["id"]: row["code"] for row in csv.DictReader(stream)}
        assert rejected == {"1008": "2", "1009": "4"}
        self.check_report((folder / f"report-{day}.txt").read_text())

    def check_report(self, text):
        assert "10 rows in = 8 answered + 2 rejected" in text
        look = text.partition("To be looked at:\n")[2].partition("\nNot checked:\n")[0]
        named = [line.split(":")[0].strip() for line in look.splitlines() if line[2] != " "]
        assert named == ["1002", "1005", "1007", "1010"]
        assert "1002: prednisone, 90 mg daily: over-cap" in look
        assert "7.5 mg once a week is 2.5 mg (25 per cent) below 10 mg" in look
        assert "No whole units make it. The nearest in mg: below: 62, above: 62.5" in look
        refused = text.partition("\nNot checked:\n")[2]
        assert "'QD' is not used in an order" in refused
        assert "the body weight is missing" in refused
        assert "The prescriber decides." in text

    def test_a_quiet_night(self, script, folder):
        (folder / "tonight.csv").write_text(
            "id,drug,order,weight\n1,prednisone,60 mg daily,70\n", encoding="utf-8"
        )
        done = script("nightly-check.sh", "tonight.csv", ".")
        assert (done.returncode, done.stderr) == (0, "")
        text = next(folder.glob("report-*.txt")).read_text()
        assert "To be looked at:\n  none\n\nNot checked:\n  none\n" in text

    def test_the_code_is_5_where_all_could_be_checked(self, script, folder):
        (folder / "tonight.csv").write_text("id,drug,order,weight\n1,prednisone,90 mg daily,70\n")
        assert script("nightly-check.sh", "tonight.csv", ".", "--market", "UK").returncode == 5

    @pytest.mark.parametrize(
        ("orders", "target", "more", "code"),
        [
            ("absent.csv", ".", (), 7),
            ("tonight.csv", "absent", (), 7),
            ("tonight.csv", ".", ("--market", "XX"), 2),
            ("nothing.csv", ".", (), 7),
            ("nameless.csv", ".", (), 2),
        ],
    )
    def test_what_cannot_be_run_writes_nothing(self, script, folder, orders, target, more, code):
        (folder / "tonight.csv").write_text("id,drug,order,weight\n1,prednisone,60 mg daily,70\n")
        (folder / "nothing.csv").write_text("")
        (folder / "nameless.csv").write_text("drug,order,weight\nprednisone,60 mg daily,70\n")
        before = files(folder)
        done = script("nightly-check.sh", orders, target, *more)
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr
        assert files(folder) == before


class TestPacket:
    ARGS = ("prednisone", "70", "severe", "2026-12-01")

    def test_a_packet(self, script, folder, call):
        done = script("packet.sh", *self.ARGS, "a patient's")
        assert (done.returncode, done.stdout, done.stderr) == (0, "a patient's\n", "")
        packet = folder / "a patient's"
        assert files(folder) == ["a patient's"]
        assert files(packet) == [
            *("calendar.ics", "doses.txt", "handout.html", "pharmacy.csv", "taper.txt"),
        ]
        assert packet.stat().st_mode & 0o777 == 0o700
        taper = ("taper", "prednisone", "-w", "70", "-s", "severe", "--start", "2026-12-01")
        for name, form in (
            ("taper.txt", "table"),
            ("calendar.ics", "ics"),
            ("pharmacy.csv", "csv"),
        ):
            wanted = call(*taper, "--quiet", "--explain", "--format", form).stdout
            assert (packet / name).read_bytes().decode() == wanted
        doses = " ".join((packet / "doses.txt").read_text().split())
        assert "52.5 to 70 mg" in doses
        assert "(full text)" in doses
        assert "<html" in (packet / "handout.html").read_text()

    def test_options_of_the_taper_are_handed_on(self, script, folder):
        done = script("packet.sh", *self.ARGS, "packet", "--protocol", "etg")
        assert done.returncode == 0
        assert "Prednisone: etg" in (folder / "packet" / "taper.txt").read_text()

    @pytest.mark.parametrize(
        ("args", "code"),
        [
            (("prednison", "70", "severe", "2026-12-01"), 3),
            (("prednisone", "700", "severe", "2026-12-01"), 4),
            (("prednisone", "70", "awful", "2026-12-01"), 2),
            (("prednisone", "70", "severe", "1/12/2026"), 2),
            (("methotrexate", "70", "severe", "2026-12-01"), 3),
        ],
    )
    def test_a_refusal_leaves_nothing(self, script, folder, args, code):
        done = script("packet.sh", *args, "packet")
        assert (done.returncode, done.stdout) == (code, "")
        assert "dmcalc" in done.stderr
        assert files(folder) == []

    def test_a_folder_that_is_there_is_not_touched(self, script, folder):
        (folder / "packet").mkdir()
        done = script("packet.sh", *self.ARGS, "packet")
        assert (done.returncode, done.stdout) == (2, "")
        assert files(folder / "packet") == []
        assert script("packet.sh", *self.ARGS, "absent/packet").returncode == 7


class TestMailTaper:
    @pytest.fixture
    def sendmail(self, folder):
        """A sendmail that keeps what it is handed, and how it was called."""
        program = folder / "send mail"
        program.write_text('#!/bin/sh\necho "$@" > called\ncat > sent\n')
        program.chmod(0o755)
        return str(program)

    def mail(self, folder):
        return message_from_bytes((folder / "sent").read_bytes(), policy=email.policy.default)

    def test_a_mail(self, script, folder, sendmail, call):
        done = script("mail-taper.sh", "p@example.org", *TAPER, SENDMAIL=sendmail)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (folder / "called").read_text() == "-t\n"
        mail = self.mail(folder)
        assert mail.defects == []
        assert (mail["To"], mail["From"]) == ("p@example.org", None)
        assert mail["Subject"] == "Taper of prednisone from 2026-12-01"
        text, calendar = mail.iter_parts()
        assert calendar.get_content_type() == "text/calendar"
        assert calendar.get_filename() == "taper.ics"
        assert text.get_content_type() == "text/plain"
        assert text.get_content().isascii()
        taper = ("taper", TAPER[0], "--start", TAPER[1], *TAPER[2:])
        wanted = call(*taper, "--quiet", "--format", "ics").stdout
        assert calendar.get_payload(decode=True).decode() == wanted
        events = icalendar.Calendar.from_ical(wanted).walk("VEVENT")
        assert events[0]["DTSTART"].dt == datetime.date(2026, 12, 1)

    def test_it_holds_nothing_of_the_patient(self, script, folder, sendmail):
        script("mail-taper.sh", "p@example.org", *TAPER, SENDMAIL=sendmail)
        mail = self.mail(folder)
        parts = [part.get_payload(decode=True).decode() for part in mail.iter_parts()]
        for words in ("70 kg", "severe weakness"):
            assert words not in "".join(parts)

    def test_a_sender(self, script, folder, sendmail):
        sender = "The clinic <clinic@example.org>"
        script("mail-taper.sh", "p@example.org", *TAPER, SENDMAIL=sendmail, FROM=sender)
        assert self.mail(folder)["From"] == sender

    @pytest.mark.parametrize(
        ("args", "code"),
        [
            (("p@example.org", "prednisone", "2026-12-01", "--from", "101mg"), 5),
            (("p@example.org", "prednison", "2026-12-01", "--from", "60mg"), 3),
            (("p@example.org", "prednisone", "soon", "--from", "60mg"), 2),
            (("p@example.org\nBcc: x@example.org", "prednisone", "2026-12-01"), 2),
        ],
    )
    def test_a_refusal_sends_nothing(self, script, folder, sendmail, args, code):
        done = script("mail-taper.sh", *args, SENDMAIL=sendmail)
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr
        assert files(folder) == ["send mail"]

    def test_a_sender_that_fails_is_told(self, script):
        assert script("mail-taper.sh", "p@example.org", *TAPER, SENDMAIL="false").returncode == 1
        assert script("mail-taper.sh", "p@example.org", *TAPER, SENDMAIL="absent").returncode == 127
