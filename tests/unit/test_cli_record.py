# SPDX-License-Identifier: MIT
"""The commands over a record, as they are called: results, problems, exit codes."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner
from recorded import TEXT

from rolerules.cli import app

AT = ("--at", "2026-09-10", "--source", "HR")
BY = ("--by", "HR-1", "--reason", "as found", "--at", "2026-10-01")
WHO = ("people.record", "E-1001", "2026-Q3")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seller.yaml").write_text(TEXT, encoding="utf-8")


def run(*words, code=0, **more):
    """Call the command line, and give what it wrote to both streams."""
    result = CliRunner().invoke(app, [str(word) for word in words], **more)
    assert result.exit_code == code, result.output
    return result.output


def begun():
    run("session", "post", *WHO, "grade=S1", "target=900.00", "--ruleset", "seller.yaml", *AT)


def proposed():
    begun()
    return run("session", "post", *WHO, "satisfied=no", *AT)


def test_a_record_is_made_once_and_said():
    first = run("session", "post", *WHO, "grade=S1", "--ruleset", "seller.yaml", *AT)
    assert "new record people.record, with its keys in people.keys\n" in first
    assert "new record" not in run("session", "post", *WHO, "target=1.00", *AT)


def test_a_record_is_said_to_be_new_once_something_is_in_it():
    refused = run("session", "post", *WHO, "grade=S9", "--ruleset", "seller.yaml", *AT, code=1)
    assert "new record" not in refused
    assert "new record" in run("session", "post", *WHO, "grade=S1", "--ruleset", "seller.yaml", *AT)


def test_lists_nested_too_deep_are_refused():
    begun()
    said = "accounts=" + "[" * 1_500
    assert "[yaml" in run("session", "post", *WHO, said, *AT, code=1)


def test_facts_under_another_ruleset_are_pointed_out(tmp_path):
    begun()
    (tmp_path / "buyer.yaml").write_text(TEXT.replace("ruleset: seller", "ruleset: buyer"))
    said = run("session", "post", *WHO, "grade=S1", "--ruleset", "buyer.yaml", *AT)
    assert "note: `E-1001` has facts under `seller` in 2026-Q3 too" in said


def test_an_opening_is_corrected_by_name():
    words = ("--ruleset", "seller.yaml", "--opening-status")
    run("session", "post", *WHO, "grade=S1", *words, "active", *AT)
    again = run("session", "post", *WHO, "grade=S1", *words, "suspended", *AT, code=1)
    assert "2026-Q3 opens with something else by HR, 2026-09-10 [opening-given]" in again
    done = run("session", "correct", *WHO, "--opening-status", "suspended", *AT)
    assert done == "2026-Q3 opens with suspended: recorded as entry 4\n"
    run("session", "correct", *WHO, *AT, code=2)
    run("session", "correct", *WHO, "grade=S2", "--opening-status", "active", *AT, code=2)


def test_a_refused_entry_is_shown_on_one_line():
    proposed()
    run("session", "post", *WHO, "accounts=[{customer: A, bought: 9.00}]", *AT)
    run("session", "post", *WHO, "sales=1.00", "--complete", *AT)
    shown = run("record", "show", "people.record", "E-1001")
    (line,) = (one for one in shown.splitlines() if "refused so far" in one)
    assert "help" not in line


def test_the_ruleset_is_taken_from_the_record(tmp_path):
    begun()
    (tmp_path / "seller.yaml").unlink()
    assert "basic" not in run("session", "post", *WHO, "sales=1000.00", *AT)
    assert "1000" in run("record", "show", "people.record", "E-1001")


def test_items_lists_and_sums():
    begun()
    one = run("session", "post", *WHO, "accounts={customer: A, bought: 1.00}", *AT, "--id", "a")
    assert "1 so far, not complete" in one
    run("session", "post", *WHO, "sales=400.00", *AT, "--id", "s")
    run("session", "correct", *WHO, "sales=500.00", "--of", "s", *AT)
    whole = run("session", "post", *WHO, "accounts=[]", *AT)
    assert "not complete" in whole
    assert "500.00 so far" in whole
    done = run("session", "post", *WHO, "sales=500.00", "--complete", *AT)
    assert "undetermined → 19.98" in done
    shown = run("session", "show", *WHO)
    assert "{customer: A, bought: 1.00}" in shown


def test_it_cannot_be_read():
    begun()
    for said, code, problem in (
        ("grade", 1, "facts-shape"), ("grade=S9", 1, "unknown-choice"), ("grad=S1", 1, "unknown-fact"),
        ("accounts={customer: A", 1, "yaml"), ("sales=[]", 1, "wrong-type"),
        ("accounts=[{custmer: A}]", 1, "unknown-fact"),
    ):  # fmt: skip
        assert f"[{problem}" in run("session", "post", *WHO, said, *AT, code=code)


def test_calls_that_cannot_be():
    assert "`--company` goes with `--ruleset`" in run(
        "session", "post", *WHO, "grade=S1", "--company", "example", *AT, code=2
    )
    assert "`--id` is for one fact" in run(
        "session",
        "post",
        *WHO,
        "grade=S1",
        "target=1",
        "--ruleset",
        "seller.yaml",
        "--id",
        "a",
        *AT,
        code=2,
    )
    assert "Missing option '--at'" in run(
        "session", "post", *WHO, "grade=S1", "--source", "HR", code=2
    )
    begun()
    assert "[which-ruleset]" in run("session", "show", "people.record", "E-1", "2026-Q3", code=1)


def test_a_record_is_not_made_in_vain(tmp_path):
    for more in ((), ("--ruleset", "none.yaml")):
        run("session", "post", *WHO, "grade=S1", *AT, *more, code=2)
    assert not (tmp_path / "people.record").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("record", "verify"), ("record", "show"), ("record", "checkpoint"), ("record", "export", "E-1"),
        ("replay", "1"), ("confirm", "1", *BY), ("adjust", "E-1", "2026-Q3"),
        ("session", "show", "E-1", "2026-Q3"), ("session", "correct", "E-1", "2026-Q3", "grade=S1", *AT),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_record_that_is_not_there_is_not_made(tmp_path, words):
    at = 2 if words[0] in ("record", "session") else 1
    said = run(*words[:at], "none.record", *words[at:], code=2)
    assert "there is no file `none.record` [no-such-file]" in said
    assert not list(tmp_path.glob("none.*"))


def test_a_file_of_another_kind():
    assert "[not-a-record]" in run("record", "verify", "seller.yaml", code=2)


def test_every_act_has_its_command():
    assert "PROPOSED" in proposed()
    assert run("record", "show", "people.record").startswith("E-1001: entry 5:")
    assert "effective from 2026-10-11 on" in run("confirm", "people.record", 5, *BY)
    assert "contested by HR-1, 2026-10-01: as found" in run("contest", "people.record", 5, *BY)
    assert "upheld" in run("uphold", "people.record", 5, *BY)
    assert "ended on 2026-10-01" in run("reinstate", "people.record", 5, *BY)
    assert "[not-now]" in run("reverse", "people.record", 5, *BY, code=1)
    assert "[not-now]" in run("decline", "people.record", 5, *BY, code=1)
    assert run("record", "show", "people.record") == "nothing waits for anybody\n"


def test_decided_and_adjusted_as_json():
    begun()
    decided = json.loads(run("session", "decide", *WHO, "--format", "json"))
    assert decided["entry"] == 4
    assert decided["pay"]["lines"][0] == {"id": "basic", "amount": "1000.00", "needs": []}
    run("session", "correct", *WHO, "grade=S2", "--at", "2026-11-01", "--source", "HR")
    adjusted = json.loads(run("adjust", *WHO, "--format", "json"))
    assert (adjusted["entry"], adjusted["adjusts"]) == (6, 4)
    assert adjusted["differences"][0] == {
        "line": "basic", "before": "1000.00", "after": "2000.00", "difference": "1000.00",
    }  # fmt: skip
    assert "[nothing-to-adjust]" in run("adjust", *WHO, code=1)
    assert "[period-decided]" in run("session", "decide", *WHO, code=1)


def test_arrears_and_recoveries_are_said():
    begun()
    run("session", "decide", *WHO)
    for grade, day, said in (("S2", "01", "+1,000.00 arrears"), ("S1", "02", "-1,000.00 recovery")):
        run(
            "session", "correct", *WHO, f"grade={grade}", "--at", f"2026-11-{day}", "--source", "HR"
        )
        assert said in run("adjust", *WHO)


def test_violations_and_refusals_are_said():
    begun()
    rows = "accounts=[{customer: A, bought: 1.00}, {customer: B, bought: 1.00}, {customer: C, bought: 1.00}]"
    assert "At most two accounts                          VIOLATED" in run(
        "session", "post", *WHO, rows, *AT, "--id", "r"
    )
    refused = run("session", "post", *WHO, "sales=2.00", "--complete", *AT)
    assert "refused so far: `accounts_within_sales` is broken" in refused
    assert "refused so far" in run("session", "show", *WHO)
    assert "[broken-limit]" in run("session", "decide", *WHO, code=1)
    mended = run("session", "withdraw", *WHO, "accounts", "--of", "r", *AT)
    assert "refused" not in mended


def test_checkpoints_and_what_they_find(tmp_path):
    proposed()
    run("record", "checkpoint", "people.record", "-o", "kept.json")
    assert json.loads(run("record", "checkpoint", "people.record")) == json.loads(
        (tmp_path / "kept.json").read_text()
    )
    assert "5 entries, 0 of them since" in run(
        "record", "verify", "people.record", "--checkpoint", "kept.json"
    )
    file = sqlite3.connect("people.record")
    file.executescript("DROP TRIGGER entries_remain; DELETE FROM entries WHERE number = 5")
    assert "4 entries" in run("record", "verify", "people.record")
    assert "[record-cut]" in run(
        "record", "verify", "people.record", "--checkpoint", "kept.json", code=1
    )
    (tmp_path / "kept.json").write_text("{}")
    assert "[checkpoint]" in run(
        "record", "verify", "people.record", "--checkpoint", "kept.json", code=1
    )
    (tmp_path / "kept.json").write_text("{")
    assert "[not-json]" in run(
        "record", "verify", "people.record", "--checkpoint", "kept.json", code=1
    )


def test_the_export_goes_to_a_file_or_out(tmp_path):
    proposed()
    run("record", "export", "people.record", "E-1001", "-o", "out.json")
    assert (tmp_path / "out.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / "out.json").read_text()) == json.loads(
        run("record", "export", "people.record", "E-1001")
    )


def test_erasing_asks_first():
    proposed()
    erase = ("record", "erase", "people.record", "E-1001", "--by", "DPO-1", "--at", "2030-01-01")
    assert "Erase everything on E-1001 for good? [y/N]: n\nnothing is erased" in run(
        *erase, input="n\n", code=1
    )
    assert "nothing is erased" in run(*erase, input="", code=130)
    run("record", "show", "people.record", "E-1001")
    assert "erased; entry 6 says so" in run(*erase, input="y\n")
    assert "[not-in-record]" in run("record", "show", "people.record", "E-1001", code=2)
    assert "[not-in-record]" in run(*erase, "--yes", code=2)


def test_replays():
    proposed()
    assert "and so is every step of its proof" in run("replay", "people.record", 5)
    shown = json.loads(run("replay", "people.record", 5, "--show"))
    assert shown["status"]["effect"] == "proposed"
    assert "[no-decision]" in run("replay", "people.record", 2, code=1)


def test_an_entry_is_shown_on_one_line():
    begun()
    forged = '{customer: "A\\n    9  2026-Q3  decides: total 1.00", bought: 1.00}'
    run("session", "post", *WHO, f"accounts={forged}", *AT)
    shown = run("record", "show", "people.record", "E-1001").splitlines()
    assert [line.split()[0] for line in shown] == ["2", "3", "4"]
    assert r"A\n    9  2026-Q3" in shown[-1]


def test_a_refused_command_leaves_nothing_behind():
    more = ("--ruleset", "seller.yaml", "--opening-status", "suspended", *AT)
    for wrong in ("grade=S9", "rating=oops", "salse=1"):
        run("session", "post", *WHO, "sales=5.00", wrong, *more, code=1)
    assert run("record", "show", "people.record") == "nothing waits for anybody\n"
    assert "0 entries" in run("record", "verify", "people.record")
    assert "5.00 so far" in run("session", "post", *WHO, "sales=5.00", "rating=1%", *more)


def test_a_wrong_period_is_told_which_ones_there_are():
    begun()
    for period in ("2026-Q5", "2026-07"):
        said = run("session", "show", "people.record", "E-1001", period, code=1)
        assert "help: on record are 2026-Q3; for another period, say by which ruleset" in said


def test_what_stays_undetermined_is_not_listed():
    begun()
    rows = "accounts=[{customer: A, bought: 1.00}]"
    run("session", "post", *WHO, rows, *AT, "--id", "r")
    assert "refused so far" in run("session", "post", *WHO, "sales=0.50", "--complete", *AT)
    mended = run("session", "withdraw", *WHO, "accounts", "--of", "r", *AT)
    assert "undetermined → undetermined" not in mended


def test_another_file_of_keys():
    begun()
    run(
        "session", "post", "b.record", "E-1", "2026-Q3", "grade=S1", "--ruleset", "seller.yaml", *AT
    )
    assert "[key-missing]" in run("record", "verify", "people.record", "--keys", "b.keys", code=1)
    run("record", "verify", "people.record", "--keys", "people.keys")


def test_no_output_takes_the_place_of_a_record_or_its_keys():
    begun()
    for words in (
        ("record", "export", "people.record", "E-1001"),
        ("record", "checkpoint", "people.record"),
    ):
        for place in ("people.record", "people.keys"):
            said = run(*words, "-o", place, code=2)
            assert f"`{place}` cannot be written: it is a database" in said
    assert "all is as it was written" in run("record", "verify", "people.record")


def test_a_correction_of_what_is_not_there_is_pointed_out_until_it_comes():
    begun()
    run("session", "post", *WHO, "sales=500.00", *AT, "--id", "crm-07")
    run("session", "correct", *WHO, "sales=400.00", "--of", "crm-7", "--complete", *AT)
    note = "note: what was corrected as `crm-7` is not on record, so the correction counts by itself; did you mean `crm-07`?"
    assert note in run("session", "show", *WHO)
    assert note in run("session", "decide", *WHO)
    run(
        "session",
        "withdraw",
        *WHO,
        "sales",
        "--of",
        "crm-7",
        "--at",
        "2026-09-11",
        "--source",
        "HR",
    )
    assert "decided by entry" in run("session", "show", *WHO)


def test_what_a_period_opens_with_is_shown():
    words = ("--ruleset", "seller.yaml", "--opening-status")
    run("session", "post", *WHO, "grade=S1", *words, "active", *AT)
    assert "Status at start                               active\n" in run("session", "show", *WHO)
