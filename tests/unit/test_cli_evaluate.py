# SPDX-License-Identifier: MIT
"""`rolerules evaluate` and `explain`: facts read exactly, from anywhere, refused with a place."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result

from rolerules.cli import app
from rolerules.cli.cases import is_json
from rolerules.cli.exact_json import NUMBER_LENGTH, parse
from rolerules.limits import LIMITS
from rolerules.problems import RolerulesError

FACTS = {
    "grade": "M2",
    "team_target": 1200000,
    "team_sales": "1199999.99",
    "key_accounts": [],
    "profit": 150000,
    "special_tasks": [],
    "satisfied": True,
}
TARGET = ["marketing-director"]
COMPANY = ["--company", "example"]
DAY = ["--as-of", "2026-09-30"]


def run(*args: str, stdin: str | bytes = "", command: str = "evaluate") -> Result:
    return CliRunner().invoke(app, [command, *args], input=stdin)


def evaluate(text: str | bytes, *args: str, day: list[str] = DAY) -> Result:
    return run("marketing-director", "-", *COMPANY, *day, *args, stdin=text)


def decided(text: str, *args: str, day: list[str] = DAY) -> dict:
    result = evaluate(text, "--format", "json", *args, day=day)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


class TestInputs:
    def test_json(self):
        pay = decided(json.dumps(FACTS))["pay"]
        assert (pay["total"], pay["currency"]) == ("35900.00", "CNY")

    def test_yaml_is_the_same(self):
        text = (
            "grade: M2\nteam_target: 1200000\nteam_sales: 1199999.99\nkey_accounts: []\n"
            "profit: 150000.00\nspecial_tasks: []\nsatisfied: yes\n"
        )
        assert decided(text) == decided(json.dumps(FACTS))

    @pytest.mark.parametrize("name", ["facts.json", "facts.yaml", "facts.yml", "FACTS.JSON", "x"])
    def test_files(self, tmp_path, name):
        path = tmp_path / name
        path.write_text(json.dumps(FACTS) if "y" not in name else "grade: M2\n")
        result = run(*TARGET, str(path), *COMPANY, *DAY)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("Marketing director  ")

    @pytest.mark.parametrize("nothing", ["null", "~", "", "Null", "NULL"])
    def test_nothing_is_unknown_in_yaml(self, nothing):
        assert "grade" in decided(f"grade: {nothing}\nprofit: 1\n")["missing"]

    def test_null_in_quotes_is_a_text(self):
        result = evaluate('grade: "null"\n')
        assert "`grade` is `null`, none of the choices" in result.stderr

    def test_null_is_unknown_in_json(self):
        assert "grade" in decided('{"grade": null}')["missing"]

    def test_byte_order_mark(self):
        assert evaluate(b"\xef\xbb\xbf" + json.dumps(FACTS).encode()).exit_code == 0

    def test_which_is_json(self):
        assert is_json("-", b" \n{}")
        assert is_json("a.json", b"grade: M2")
        assert not is_json("a.yaml", b"{}")
        assert not is_json("-", b"grade: M2")


class TestEnvelope:
    def test_says_date_and_opening(self):
        case = {"as_of": "2026-12-31", "opening": {"status": "suspended"}, "facts": FACTS}
        found = decided(json.dumps(case), day=[])
        assert found["as_of"] == "2026-12-31"
        assert found["opening"] == {"status": "suspended", "assumed": False}

    def test_in_yaml_as_in_cases(self):
        found = decided("as of: 2026-12-31\nfacts:\n  grade: M1\n", day=[])
        assert found["as_of"] == "2026-12-31"

    def test_the_command_line_goes_before(self):
        case = {"as_of": "2026-12-31", "opening": {"status": "suspended"}, "facts": {}}
        found = decided(json.dumps(case), "--opening-status", "active")
        assert (found["as_of"], found["opening"]["status"]) == ("2026-09-30", "active")

    def test_opening_status_alone(self):
        opening = decided("{}", "--opening-status", "suspended")["opening"]
        assert opening == {"status": "suspended", "assumed": False}

    def test_without_any_date(self):
        result = evaluate("{}", day=[])
        assert result.exit_code == 2
        assert result.stderr == (
            "no as-of date is given, and today is never taken for it [as-of-missing]\n"
            "  help: say the period's last day: `--as-of 2026-09-30`, or `as_of` beside `facts`\n"
        )

    def test_date_that_is_none(self):
        result = evaluate("{}", day=["--as-of", "2026-09-31"])
        assert result.exit_code == 2
        assert "`2026-09-31` is no date; write it like 2026-09-30" in result.stderr
        result = evaluate("as_of: 2026-09-31\nfacts: {}\n", day=[])
        assert result.exit_code == 1
        assert "<stdin>:1:8: `2026-09-31` is no as-of date [as-of]\n" in result.stderr

    def test_what_cannot_stand_there(self):
        case = {"fact": 1, "id": 1.5, "as_of": "2026-09-30", "as of": "2026-09-30", "facts": {}}
        result = evaluate(json.dumps(case))
        assert result.exit_code == 1
        assert "`fact` cannot stand beside `facts` [unknown-key]\n" in result.stderr
        assert "did you mean `facts`?" in result.stderr
        assert "`as_of` and `as of` exclude each other [one-of]" in result.stderr
        assert "an `id` is a text or a whole number [wrong-type]" in result.stderr

    @pytest.mark.parametrize("beside", ["as_of: 2026-09-30", "as of: 2026-09-30", "id: E-1"])
    def test_misspelt_facts(self, beside):
        result = evaluate(f"{beside}\nfakts:\n  grade: M2\n", day=[])
        assert result.exit_code == 1
        word = beside.split(":")[0]
        assert result.stderr == (
            f"<stdin>:2:1: `fakts` cannot stand beside `{word}` [unknown-key]\n"
            "  2 | fakts:\n"
            "    | ^^^^^\n"
            "  help: did you mean `facts`?\n"
        )

    def test_facts_that_are_missing_or_no_map(self):
        result = evaluate("as_of: 2026-09-30\ngrade: M2\n", day=[])
        assert "<stdin>:1:1: `facts` is missing beside `as_of` [missing-key]" in result.stderr
        result = evaluate("as_of: 2026-09-30\nfacts: [1]\n", day=[])
        assert "<stdin>:2:8: `facts` holds no map of facts [facts-shape]" in result.stderr

    def test_a_bad_date_hides_nothing(self):
        result = evaluate("as_of: 2026-09-31\nfacts:\n  grade: M9\n", day=[])
        assert "<stdin>:1:8: `2026-09-31` is no as-of date" in result.stderr
        assert "<stdin>:3:10: `grade` is `M9`" in result.stderr

    def test_the_id_is_shown(self):
        result = evaluate("id: E-1001\nfacts: {}\n")
        assert result.stdout.startswith("Marketing director, E-1001  ")

    def test_unknown_status(self):
        result = evaluate("{}", "--opening-status", "asleep")
        assert result.exit_code == 1
        assert "`asleep` is none of the states" in result.stderr


class TestPlaces:
    """Problems of facts in YAML stand where the author wrote them."""

    def test_bare(self):
        result = evaluate(
            "grade: M9\nfoo: 1\nkey_accounts:\n  - customer: A\n    sale: 3\n"
            "  - customer: B\n    sales: -1\n"
        )
        assert result.exit_code == 1
        places = [line.split(": ")[0] for line in result.stderr.splitlines() if "<stdin>" in line]
        assert places == ["<stdin>:1:8", "<stdin>:2:1", "<stdin>:5:5", "<stdin>:7:12"]
        assert "  5 |     sale: 3\n    |     ^^^^\n  help: did you mean `sales`?" in result.stderr

    def test_in_an_envelope(self):
        result = evaluate("id: E-1\nfacts:\n  grade: M9\n")
        assert "<stdin>:3:10: `grade` is `M9`" in result.stderr
        result = evaluate("facts: {}\nopening:\n  status: asleep\n")
        assert "<stdin>:3:11: `asleep` is none of the states" in result.stderr
        result = evaluate("facts: {}\nfact: {}\n")
        assert "<stdin>:2:1: `fact` cannot stand beside `facts`" in result.stderr

    def test_json_says_the_path(self):
        result = evaluate('{"key_accounts": [{"sales": -1}]}')
        assert result.stderr.startswith("key_accounts[1].sales: `key_accounts[1].sales` is -1.00")


class TestExactJson:
    def test_numbers_are_as_they_are_written(self):
        value = parse('{"a": 0.1, "b": 1200000.00, "c": 12345678901234567890, "d": 1e-7}', "x")
        assert value == {
            "a": Decimal("0.1"), "b": Decimal("1200000.00"), "c": 12345678901234567890,
            "d": Decimal("1e-7"),
        }  # fmt: skip
        assert str(value["b"]) == "1200000.00"

    @pytest.mark.parametrize(
        ("text", "code", "underlined"),
        [
            ('{"a": NaN}', "not-a-number", "NaN"),
            ('{"a": [1, -Infinity]}', "not-a-number", "-Infinity"),
            ('{"NaN": "NaN", "b": NaN}', "not-a-number", "NaN"),
            ('{"a": ' + "1" * (NUMBER_LENGTH + 1) + "}", "not-a-number", "1" * 61),
            ('{"a": 0.' + "1" * NUMBER_LENGTH + "}", "not-a-number", "0." + "1" * 60),
            ('{"a": 1e9999999999999999999999}', "not-a-number", "1e9999999999999999999999"),
            ("9" * 61 + "abc: 1", "not-a-number", "9" * 61),
            ('{"a": 1, "a": 2}', "duplicate-key", '"a"'),
            ('{"a": {"b": 1, "c": [{"b": 2}]}, "d": {"x": 1, "\\u0078": 2}}', "duplicate-key",
             '"\\u0078"'),
            ('{"a": ["a", "a", {"a": 1, "b": "a", "a": 2}]}', "duplicate-key", '"a"'),
            ("{'a': 1}", "not-json", "'"),
            ('{"a": 1,}', "not-json", ","),
            ('{"a": 1} {', "not-json", "{"),
            ('{"a": tru}', "not-json", "t"),
            ('{"a": 01}', "not-json", "1"),
            ('{"a": "\t"}', "not-json", "\t"),
        ],
    )  # fmt: skip
    def test_refused_with_a_place(self, text, code, underlined):
        with pytest.raises(RolerulesError) as caught:
            parse(text, "x.json")
        (problem,) = caught.value.problems
        assert (problem.code, problem.underlined) == (code, underlined)

    def test_the_second_key_is_meant(self):
        with pytest.raises(RolerulesError) as caught:
            parse('{\n  "a": 1,\n  "a": 2\n}', "x.json")
        assert str(caught.value) == (
            "x.json:3:3: `a` stands twice, first on line 2 [duplicate-key]\n"
            '  3 |   "a": 2\n'
            "    |   ^^^\n"
            "  help: keep one of the two"
        )

    def test_longest_number(self):
        assert parse("1" * NUMBER_LENGTH, "x") == int("1" * NUMBER_LENGTH)

    def test_cut_off(self):
        assert "<stdin>:1:9: the JSON ends before it is complete" in evaluate('{"a": 12').stderr

    def test_deep(self):
        result = evaluate("[" * 100_000)
        assert result.exit_code == 1
        assert result.stderr.startswith("`<stdin>` is nested too deep [too-deep]")
        deep = '{"profit": ' + '{"a":' * 900 + "1" + "}" * 901
        assert "`profit` is a map, and money is asked for" in evaluate(deep).stderr


class TestRefusals:
    @pytest.mark.parametrize("text", ["", " \n", "\n\n"])
    def test_nothing(self, text):
        result = evaluate(text)
        assert result.stderr.startswith("`<stdin>` says nothing [facts-shape]\n  help: write facts")

    @pytest.mark.parametrize("text", ["[1]", "- 1\n", "grade\n"])
    def test_no_map(self, text):
        result = evaluate(text)
        assert result.exit_code == 1
        assert "`<stdin>` holds no map of facts" in result.stderr or "no colon" in result.stderr

    def test_not_utf8(self):
        result = evaluate(b'{"grade":\n"\xff"}')
        assert result.stderr.startswith("`<stdin>` is no UTF-8 text: byte 0xff on line 2")
        assert "byte 0xff is no part of a UTF-8 text" in evaluate(b"grade: \xff").stderr

    def test_too_large(self, monkeypatch):
        monkeypatch.setattr("rolerules.cli.cases.LIMITS", attrs_evolve(facts_bytes=20))
        assert evaluate('{"grade":      "M2"}').exit_code == 0
        result = evaluate('{"grade":       "M2"}')
        assert result.stderr.startswith("`<stdin>` is larger than 20 bytes [file-too-large]")

    def test_missing_file_and_folder(self, tmp_path):
        result = run(*TARGET, str(tmp_path / "no.json"), *DAY)
        assert result.exit_code == 2
        assert "no.json` cannot be read: No such file or directory [no-such" in result.stderr
        result = run(*TARGET, str(tmp_path), *DAY)
        assert result.exit_code == 2
        assert result.stderr.endswith("cannot be read: Is a directory [no-such-file]\n"
                                      "  help: give a file\n")  # fmt: skip

    def test_without_the_company(self):
        result = run("marketing-director", "-", *DAY, stdin="{}")
        assert result.exit_code == 1
        assert "`base_salary` is set by the company, and no company is given" in result.stderr


class TestLines:
    LINES = (
        '{"id": "E-1001", "facts": {"grade": "M1"}}\n'
        "\n"
        '{"id": 7, "facts": {"grade": "M9"}}\n'
        "{bad\n"
        '{"id": "E-1002", "as_of": "2026-06-30", "facts": {}, "fact": 1}\n'
        '{"grade": "M3"}\n'
        '{"id": [1], "facts": {}}\n'
    )

    def lines(self, text: str | bytes, *args: str) -> tuple[list[dict], Result]:
        result = evaluate(text, *args)
        return [json.loads(line) for line in result.stdout.splitlines()], result

    @pytest.mark.parametrize("flag", [["--lines"], ["--format", "jsonl"]])
    def test_one_decision_a_line(self, flag):
        found, result = self.lines(self.LINES, *flag)
        assert [line["id"] for line in found] == ["E-1001", 7, None, "E-1002", None, None]
        assert [line.get("line") for line in found] == [None, 3, 4, 5, None, 7]
        assert found[0]["pay"]["lines"][0]["amount"] == "20000.00"
        assert found[1]["refused"][0]["code"] == "unknown-choice"
        assert found[2]["refused"][0]["line"] == 4
        assert found[3]["refused"][0]["code"] == "unknown-key"
        assert result.stderr == "2 cases decided, 4 refused\n"
        assert result.exit_code == 1

    def test_all_good(self):
        found, result = self.lines('{"facts": {}}\n{"facts": {}}', "--lines")
        assert len(found) == 2
        assert (result.exit_code, result.stderr) == (0, "2 cases decided, 0 refused\n")

    @pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".JSONL"])
    def test_by_the_name(self, tmp_path, suffix):
        path = tmp_path / f"many{suffix}"
        path.write_text(self.LINES)
        result = run(*TARGET, str(path), *COMPANY, *DAY)
        assert len(result.stdout.splitlines()) == 6
        assert run(*TARGET, str(tmp_path / "no.jsonl"), *DAY).exit_code == 2

    def test_a_figure_that_is_not_in_force_refuses_its_line_only(self):
        text = '{"as_of": "2020-01-01", "facts": {}}\n{"as_of": "2026-09-30", "facts": {}}\n'
        result = evaluate(text, "--lines", day=[])
        first, second = map(json.loads, result.stdout.splitlines())
        assert {one["code"] for one in first["refused"]} == {"not-in-force"}
        assert second["as_of"] == "2026-09-30"

    def test_a_line_without_a_date(self):
        result = evaluate('{"facts": {}}\n', "--lines", day=[])
        (only,) = map(json.loads, result.stdout.splitlines())
        assert only["refused"][0]["code"] == "as-of-missing"
        assert result.exit_code == 1

    def test_a_line_that_is_too_long_or_not_utf8(self, monkeypatch):
        monkeypatch.setattr("rolerules.cli.evaluate.LIMITS", attrs_evolve(facts_bytes=30))
        monkeypatch.setattr("rolerules.cli.cases.LIMITS", attrs_evolve(facts_bytes=30))
        text = b'{"grade":' + b" " * 100 + b'"M1"}\n{"grade": "\xff"}\n{"grade": "M1"}\n'
        found, _ = self.lines(text, "--lines")
        codes = [[one["code"] for one in line.get("refused", [])] for line in found]
        assert codes == [["file-too-large"], ["not-utf8"], []]

    def test_other_formats_are_refused(self):
        result = evaluate("{}", "--lines", "--format", "text")
        assert result.exit_code == 2
        assert (
            "`--format text` is for one case, and JSON Lines come out as JSON Lines: "
            "leave `--format` out" in result.stderr
        )

    def test_a_key_twice_is_counted_in_the_whole_file(self):
        (_, line), _ = self.lines('{"grade": "M1"}\n{"grade": "M1", "grade": "M2"}\n', "--lines")
        (problem,) = line["refused"]
        assert (problem["line"], problem["column"]) == (2, 17)
        assert problem["message"] == "`grade` stands twice, first on line 2"


class TestInTurn:
    """Lines as periods: each opens with what the last one of its id handed on."""

    RULESET = (
        "ruleset: draw\nlanguage: 1\nversion: 1.0.0\ncurrency: CNY\nperiod: month\n"
        "year starts: 1 January\nfacts:\n  amount: {type: money, max: 1000}\ncarries:\n"
        "  owed:\n    type: money\n    first: 0\n    next: owed.opening + amount\n"
        "    rounding: half up to 0.01\nstatus:\n  states: [active, suspended]\n  start: active\n"
        "  changes:\n    stop:\n      from: active\n      to: suspended\n      grounds:\n"
        "        little: amount < 0\n      effect: duty of the company\n      adverse: no\n"
        "      notice: at once\n"
    )

    def balances(self, tmp_path, *cases, args=("--in-turn", "--lines")):
        path = tmp_path / "draw.yaml"
        path.write_text(self.RULESET)
        lines = "".join(
            f"{case if isinstance(case, str) else json.dumps(self.dated(case, cases[:place]))}\n"
            for place, case in enumerate(cases)
        )
        result = run(str(path), "-", *args, stdin=lines)
        found = [json.loads(line) for line in result.stdout.splitlines()]
        return [
            line["carries"]["owed"] if "carries" in line else "refused" for line in found
        ], found

    @staticmethod
    def case(id_, amount, **more):
        return {"id": id_, "facts": {"amount": amount}, **more}

    @staticmethod
    def dated(case, before):
        """The case with the month after that of the last one with its id."""
        mine = [one for one in before if isinstance(one, dict) and one.get("id") == case.get("id")]
        ends = ("01-31", "02-28", "03-31", "04-30", "05-31")
        return {"as_of": f"2026-{ends[len(mine)]}", **case} if "facts" in case else case

    @pytest.mark.parametrize(
        ("second", "said"),
        [
            ("2026-01-31", "the month of 2026-01-31 does not follow that of 2026-01-30"),
            ("2026-03-01", "the month of 2026-03-01 does not follow that of 2026-01-30"),
            ("2025-12-31", "the month of 2025-12-31 does not follow that of 2026-01-30"),
            ("2025-02-28", "the month of 2025-02-28 does not follow that of 2026-01-30"),
        ],
    )
    def test_a_period_that_does_not_follow_is_refused_unless_it_opens_itself(
        self, tmp_path, second, said
    ):
        first = self.case("E-1", 1, as_of="2026-01-30")
        found, lines = self.balances(tmp_path, first, self.case("E-1", 2, as_of=second))
        assert found == ["1.00", "refused"]
        assert [one["code"] for one in lines[1]["refused"]] == ["out-of-turn"]
        assert lines[1]["refused"][0]["message"].startswith(said)
        opened = self.case("E-1", 2, as_of=second, opening={"carries": {"owed": 5}})
        assert self.balances(tmp_path, first, opened)[0] == ["1.00", "7.00"]

    def test_the_turn_of_the_year_follows(self, tmp_path):
        days = ("2026-12-31", "2027-01-31")
        cases = [self.case("E-1", 1, as_of=day) for day in days]
        assert self.balances(tmp_path, *cases)[0] == ["1.00", "2.00"]

    def test_each_id_has_its_own(self, tmp_path):
        cases = [self.case(id_, amount) for id_, amount in
                 (("E-1", 1), ("E-2", 10), (1, 100), ("E-1", 2), ("1", 50), ("E-2", 20), (1, 200))]  # fmt: skip
        found, lines = self.balances(tmp_path, *cases)
        assert found == ["1.00", "10.00", "100.00", "3.00", "50.00", "30.00", "300.00"]
        assert [line["opening"]["assumed"] for line in lines] == [
            True,
            True,
            True,
            False,
            True,
            False,
            False,
        ]

    def test_without_in_turn_every_line_is_a_start(self, tmp_path):
        cases = [self.case("E-1", 1), self.case("E-1", 2)]
        assert self.balances(tmp_path, *cases, args=("--lines",))[0] == ["1.00", "2.00"]

    def test_an_explicit_opening_wins(self, tmp_path):
        found, lines = self.balances(
            tmp_path, self.case("E-1", 1), self.case("E-1", 2, opening={"carries": {"owed": "40.00"}}),
            self.case("E-1", 3), self.case("E-1", 4, opening={}), self.case("E-1", 5, opening={"status": "active"}),
        )  # fmt: skip
        assert found == ["1.00", "42.00", "45.00", "4.00", None]
        assert lines[-1]["missing"] == ["owed.opening"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": "E-1", "facts": {"amount": 1001}}, {"id": "E-1", "facts": {"amout": 1}},
            {"id": "E-1", "facts": {"amount": 1}, "opening": {"status": "asleep"}},
            {"id": "E-1", "facts": {"amount": 1}, "fact": 1},
        ],
    )  # fmt: skip
    def test_after_a_refused_line_the_balance_is_unknown(self, tmp_path, wrong):
        found, lines = self.balances(
            tmp_path, self.case("E-1", -1), self.case("E-2", 7), wrong, self.case("E-1", 2),
            self.case("E-2", 3), self.case("E-1", 3, opening={"carries": {"owed": 5}}), self.case("E-1", 4),
        )  # fmt: skip
        assert found == ["-1.00", "7.00", "refused", None, "10.00", "8.00", "12.00"]
        assert lines[3]["missing"] == ["owed.opening", "status_at_start"]
        assert lines[3]["opening"]["status"] is None

    @pytest.mark.parametrize(
        "first", [{"as_of": "2026-01-31", "fact": {"amount": 1}}, {"amount": 1}]
    )
    def test_a_line_without_facts_is_a_period_of_its_id_too(self, tmp_path, first):
        found, lines = self.balances(tmp_path, {"id": "E-1", **first}, self.case("E-1", 2))
        assert found == ["refused", None]
        assert [line["id"] for line in lines] == ["E-1", "E-1"]
        assert lines[1]["missing"] == ["owed.opening", "status_at_start"]

    def test_an_id_that_is_yes_or_no_is_nobodys(self, tmp_path):
        found, _ = self.balances(tmp_path, self.case(True, 1), self.case(1, 2, as_of="2026-01-31"))
        assert found == ["refused", "2.00"]

    def test_a_refused_first_line_is_no_start_for_the_second(self, tmp_path):
        found, lines = self.balances(tmp_path, self.case("E-1", 1001), self.case("E-1", 2))
        assert found == ["refused", None]
        assert lines[1]["missing"] == ["owed.opening", "status_at_start"]

    def test_a_line_that_is_no_json_is_nobodys(self, tmp_path):
        found, _ = self.balances(tmp_path, self.case("E-1", 1), "{bad", self.case("E-1", 2))
        assert found == ["1.00", "refused", "3.00"]

    def test_the_status_goes_on(self, tmp_path):
        _, lines = self.balances(tmp_path, self.case("E-1", -1), self.case("E-1", 2))
        assert (lines[0]["status"]["to"], lines[1]["status"]["from"]) == ("suspended", "suspended")

    def test_a_line_without_an_id_is_refused(self, tmp_path):
        found, lines = self.balances(
            tmp_path, {"facts": {"amount": 1}}, {"amount": 2}, self.case("E-1", 3)
        )
        assert found == ["refused", "refused", "3.00"]
        assert [line["refused"][0]["code"] for line in lines[:2]] == ["id-missing", "id-missing"]

    def test_the_status_on_the_command_line_is_that_of_the_first_periods(self, tmp_path):
        args = ("--in-turn", "--lines", "--opening-status", "suspended")
        cases = [
            self.case("E-1", 1, opening={"carries": {"owed": 2}}),
            self.case("E-1", 2),
            self.case("E-2", 1),
        ]
        found, lines = self.balances(tmp_path, *cases, args=args)
        assert found == ["3.00", "5.00", None]
        assert [line["status"]["from"] for line in lines] == ["suspended"] * 3

    def test_it_is_for_lines(self, tmp_path):
        result = run("marketing-director", "-", *DAY, "--in-turn", stdin="{}")
        assert result.exit_code == 2
        assert "`--in-turn` is for JSON Lines" in result.stderr


class TestExplain:
    @pytest.mark.parametrize("name", ["people.jsonl", "PEOPLE.NDJSON"])
    def test_one_case_at_a_time(self, name):
        result = run("marketing-director", name, *COMPANY, command="explain")
        assert result.exit_code == 2
        assert f"`{name}` has one case a line, and one case is explained at a time" in (
            " ".join(result.stderr.split())
        )

    def test_text_and_json(self):
        args = ("marketing-director", "-", *COMPANY, *DAY)
        result = run(*args, stdin=json.dumps(FACTS), command="explain")
        assert result.exit_code == 0, result.output
        assert "Team management commission: 6,000.00" in result.stdout
        result = run(*args, "--format", "json", stdin=json.dumps(FACTS), command="explain")
        assert isinstance(json.loads(result.stdout), dict)

    def test_refused(self):
        result = run("marketing-director", "-", *COMPANY, *DAY, stdin="a: 1\n", command="explain")
        assert result.exit_code == 1
        assert "<stdin>:1:1: `a` is no fact" in result.stderr


def attrs_evolve(**changes: int) -> object:
    import attrs

    return attrs.evolve(LIMITS, **changes)
