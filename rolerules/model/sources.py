# SPDX-License-Identifier: MIT
"""The files that make up a ruleset: itself, the policies it uses, a company's figures.

An id is looked for as a file name (`marketing-director` → `marketing_director.yaml`) beside
the file that names it, in the sibling folders `roles`, `policies` and `companies`, and then
among the rulesets that come with rolerules.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from pathlib import Path

import attrs

from rolerules.limits import LIMITS
from rolerules.problems import Problem, RulesetError, nearest, one_of
from rolerules.syntax import tree
from rolerules.syntax.build import Built, build
from rolerules.syntax.sheets import Sheets
from rolerules.text.csv_rows import read_csv
from rolerules.text.emit import emit
from rolerules.text.reader import read_bytes
from rolerules.text.tree import Document, Scalar, problem_at

FOLDERS = ("roles", "policies", "companies")
_HEADS = {"roles": "ruleset", "policies": "policy", "companies": "company"}


@attrs.frozen(slots=True, repr=False)
class Sources:
    """The files taking part, what was built of them, and the problems of reading them."""

    main: tree.Ruleset | None
    policies: tuple[tree.Ruleset, ...]
    company: tree.Company | None
    built: tuple[Built, ...]
    problems: tuple[Problem, ...]

    @property
    def documents(self) -> dict[str, Document]:
        """Every document by its file name."""
        sheets = [document for built in self.built for document, _ in built.sheets]
        documents = [built.document for built in self.built]
        return {document.file: document for document in [*sheets, *documents]}

    def digest(self) -> str:
        """SHA-256 over the canonical text of every file, the ruleset's first, then by kind and id.

        After each file come the CSV files that stand in it.
        """
        first, *others = (_canonical(one) for one in self.built)
        total = hashlib.sha256()
        for text in itertools.chain(first, *sorted(others)):
            data = text.encode()
            total.update(len(data).to_bytes(8, "big"))
            total.update(data)
        return total.hexdigest()

    def with_file(self, built: Built) -> Sources:
        """The same files with one built anew, where nothing was wrong with the others."""
        own = built.document.file
        all_ = tuple(built if one.document.file == own else one for one in self.built)
        rulesets = [one.file for one in all_ if isinstance(one.file, tree.Ruleset)]
        companies = [one.file for one in all_ if isinstance(one.file, tree.Company)]
        main = rulesets[0] if rulesets else None
        company = companies[0] if companies else None
        return Sources(main, tuple(rulesets[1:]), company, all_, built.problems)


def _canonical(built: Built) -> tuple[str, ...]:
    """The canonical text of a file, then the name and text of each CSV file that stands in it."""
    sheets = sorted(
        (Path(document.file).name, emit(document, formulas, comments=False))
        for document, formulas in built.sheets
    )
    return (emit(built.document, built.formulas, comments=False), *itertools.chain(*sheets))


def shipped() -> Path:
    """Where the rulesets that come with rolerules are: in the installed package, else beside it."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "rulesets"
    return inside if inside.is_dir() else package.parent / "rulesets"


def find(identifier: str, near: Path | None, *, but: Path | None = None) -> Path | None:
    """Find the file of an id; `but` is the file that asks, which may have the same name."""
    name = identifier.replace("-", "_") + ".yaml"
    # Of `.` only the resolved path has a parent.
    roots = [near, *(near.resolve().parent / folder for folder in FOLDERS)] if near else []
    roots += [shipped() / folder for folder in FOLDERS]
    return next(
        (root / name for root in roots if root / name != but and _is_file(root / name)), None
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a NUL in it
        return False


def read_file(path: Path) -> Built:
    """Read and build one file. Raises `RulesetError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMITS.file_bytes + 1)
    except (OSError, ValueError) as error:
        message = f"`{path}` cannot be read: {getattr(error, 'strerror', None) or error}"
        raise RulesetError([Problem("no-such-file", message, help="check the path")]) from None
    return build(read_bytes(data, str(path)), sheets_beside(path))


def sheets_beside(path: Path) -> Sheets:
    """What reads the CSV files beside a file."""

    def read(name: Scalar) -> Document:
        beside = path.parent / name.text
        try:
            if beside.is_fifo():  # it would be waited for
                raise OSError("it is no plain file")
            with beside.open("rb") as file:
                return read_csv(file.read(LIMITS.file_bytes + 1), str(beside))
        except ValueError as error:  # a NUL in the name
            raise OSError(str(error)) from None

    return read


def collect(path: Path, company: str | Path | None = None) -> Sources:
    """Read a ruleset or policy file with everything it uses.

    Raises `RulesetError` for a path that cannot be read, or a file of another kind.
    """
    main = read_file(path)
    if main.file is not None and not isinstance(main.file, tree.Ruleset):
        message = f"`{path}` is a {type(main.file).__name__.lower()} file, not a ruleset"
        raise RulesetError(
            [Problem("not-a-ruleset", message, help="name a file that starts with `ruleset:`")]
        )
    built, problems = [main], list(main.problems)
    policies, used = _policies(main, path)
    built += policies
    problems += used
    figures = None
    if company is not None:
        figures = _figures(company, path.parent)
        built.append(figures)
        problems += figures.problems
    return Sources(
        main.file, tuple(one.file for one in policies if isinstance(one.file, tree.Ruleset)),
        _company(figures), tuple(built), tuple(problems),
    )  # fmt: skip


def _policies(main: Built, path: Path) -> tuple[list[Built], list[Problem]]:
    policies: list[Built] = []
    problems: list[Problem] = []
    names: set[str] = set()
    for used in main.file.uses if isinstance(main.file, tree.Ruleset) else ():
        if used.text in names:
            message, mend = f"`{used.text}` stands twice", "leave one out"
            problems.append(problem_at(main.document, used.span, "name-taken", message, mend))
            continue
        names.add(used.text)
        found = find(used.text, path.parent, but=path)
        policy = None if found is None else read_file(found)
        message, mend = _no_policy(used.text, policy, path.parent)
        if policy is None or message:
            problems.append(problem_at(main.document, used.span, "unknown-policy", message, mend))
        else:
            problems += policy.problems
            policies.append(policy)
    return policies, problems


def _no_policy(name: str, policy: Built | None, folder: Path) -> tuple[str, str]:
    """Why a file is not the policy of this name, and the mend; empty where it is."""
    if policy is None:
        mend = f"known here: {one_of(known('policies', folder))}"
        return f"there is no policy `{name}`", mend
    if policy.file is not None and not _is_policy(policy.file):
        kind = "ruleset" if isinstance(policy.file, tree.Ruleset) else "file of another kind"
        return f"`{name}` is a {kind}, not a policy", "name a file that starts with `policy:`"
    return _other_id(name, policy)


def _other_id(name: str, built: Built) -> tuple[str, str]:
    """That a file found by an id says another one, and the mend; empty where they are the same."""
    if not isinstance(built.file, tree.Ruleset | tree.Company) or built.file.id.text == name:
        return "", ""
    file, said = Path(built.document.file).name, built.file.id.text
    mend = f"write `{name}` there, or rename the file to `{said.replace('-', '_')}.yaml`"
    return f"`{file}` says that it is `{said}`, not `{name}`", mend


def _is_policy(file: tree.File) -> bool:
    return isinstance(file, tree.Ruleset) and file.period is None


def _figures(company: str | Path, folder: Path) -> Built:
    if isinstance(company, Path) or is_path(company):
        return read_file(Path(company))
    figures = read_file(_company_path(company, folder))
    message, mend = _other_id(company, figures)
    if message:
        raise RulesetError([Problem("unknown-company", message, help=mend)])
    return figures


def _company_path(company: str, folder: Path) -> Path:
    found = find(company, folder)
    if found is None:
        mend = (
            f"known here: {one_of(known('companies', folder))}; or give the path of a company file"
        )
        raise RulesetError(
            [Problem("unknown-company", f"there is no company `{company}`", help=mend)]
        )
    return found


def _company(built: Built | None) -> tree.Company | None:
    if built is None or built.file is None:
        return None
    if isinstance(built.file, tree.Company):
        return built.file
    message = f"`{built.document.file}` is no company file"
    raise RulesetError([Problem("unknown-company", message, help="it starts with `company:`")])


def is_path(text: str) -> bool:
    """Whether a word is meant as a path rather than as an id."""
    return "/" in text or "\\" in text or text.endswith((".yaml", ".yml"))


def known(folder: str, near: Path | None = None) -> list[str]:
    """The ids to be found in a folder of rulesets, and beside a file (in the folder `near`)."""
    roots = [shipped() / folder, *([near.resolve().parent / folder] if near else [])]
    paths = [path for root in roots if root.is_dir() for path in root.glob("*.yaml")]
    beside = near.glob("*.yaml") if near else ()
    head = re.compile(rf"^{_HEADS[folder]}:".encode(), re.MULTILINE)
    paths += [path for path in beside if head.search(_start(path))]
    return sorted({path.stem.replace("_", "-") for path in paths})


def _start(path: Path) -> bytes:
    """What a file begins with; its head stands there, whatever else is wrong with it."""
    try:
        with path.open("rb") as file:
            return file.read(LIMITS.file_bytes)
    except OSError:
        return b""


def ruleset_path(ruleset: str | Path) -> Path:
    """The file of a ruleset given by id or by path. Raises `RulesetError` for an unknown id."""
    if isinstance(ruleset, Path) or is_path(ruleset):
        return Path(ruleset)
    found = find(ruleset, None)
    if found is None:
        close = known("roles")
        message = f"there is no ruleset `{ruleset}`"
        raise RulesetError(
            [
                Problem(
                    "unknown-ruleset",
                    message,
                    help=f"{nearest(ruleset, close).rstrip('?')}, or give the path of a file",
                )
            ]
        )
    return found
