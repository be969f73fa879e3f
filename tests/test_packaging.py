"""What a stranger's machine gets: locked requirements, a locked-down image, no trace of ours."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# put together here, so that this file is not the first to break its own rule
REGISTRY_HOSTS = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "anaconda" + ".org"]
INDEX_OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links"]
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work|farm|root|Users|home/[a-z]+|tmp/bash_jobs)/")


def kept_files() -> list[Path]:
    """Return what is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - as above
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of what belongs to it")
    return {
        str(path.relative_to(ROOT)): path.read_text("utf-8", errors="replace")
        for path in kept_files()
    }


def instructions(name: str) -> list[str]:
    """Return the arguments of a Dockerfile's instruction, stage by stage, lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return [line.split(None, 1)[1] for line in text.splitlines() if line.startswith(f"{name} ")]


def final_stage() -> str:
    return (ROOT / "Dockerfile").read_text("utf-8").split("\nFROM ")[-1]


# --- requirements ----------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_requirement_is_pinned_and_hashed(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-zA-Z0-9])", lock.read_text("utf-8").split("\n", 2)[2])
    for entry in entries:
        assert re.match(r"[\w.-]+==[\w.]+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_name_no_index(lock: Path) -> None:
    assert not [line for line in lock.read_text("utf-8").splitlines() if line.startswith("--")]


def test_the_lock_fits_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "requirements/runtime.txt").read_text("utf-8").splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    )
    for asked in map(Requirement, project["dependencies"]):
        version = locked.get(canonicalize_name(asked.name))
        assert version, f"{asked.name} is not locked: make lock"
        assert version in asked.specifier, f"{asked} is locked as {version}: make lock"


def test_what_the_program_imports_is_what_it_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "bot").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    tops = {module.split(".")[0] for module in modules} - {"bot", *sys.stdlib_module_names}
    providers = packages_distributions()
    imported = {canonicalize_name(providers[top][0]) for top in tops}
    assert imported - declared == set(), "imported, but only there because another brings it"
    never = {"lxml-html-clean", "tzdata"}  # see pyproject.toml, why they are there
    unused = declared - imported - never
    assert unused == set(), "declared, but never imported"


# --- the image -------------------------------------------------------------------------------


def test_everything_the_image_copies_exists_and_gets_into_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert "*" in ignored  # what is not named stays out
    copied = [args.split() for args in instructions("COPY") if not args.startswith("--from")]
    sources = [source for args in copied for source in args[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in ignored, source


def test_the_image_copies_all_that_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {
        source
        for args in instructions("COPY")
        if not args.startswith("--from")
        for source in args.split()[:-1]
    }
    assert copied >= {*wheel["packages"], *wheel["force-include"], "pyproject.toml"}


def test_the_image_installs_by_hash_only() -> None:
    installs = [
        step for run in instructions("RUN") for step in run.split("&&") if "pip install" in step
    ]
    assert installs
    for step in installs:
        assert "--require-hashes" in step or "--no-deps" in step, step


def test_the_image_runs_without_root_and_says_whether_it_is_well() -> None:
    user = re.findall(r"^USER (.+)$", final_stage(), re.MULTILINE)
    assert user
    assert user[-1].split(":")[0] not in {"root", "0"}
    assert len(instructions("FROM")) > 1
    assert 'CMD ["briefbot", "doctor", "--quiet"]' in final_stage()
    assert 'ENTRYPOINT ["briefbot"]' in final_stage()


def test_the_image_writes_only_to_its_volume() -> None:
    stage = final_stage()
    assert "BRIEFBOT_DATA_DIR=/data" in stage
    assert "PYTHONDONTWRITEBYTECODE=1" in stage
    assert re.search(r"^VOLUME /data$", stage, re.MULTILINE)


def test_compose_locks_the_container_down() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    (service,) = compose["services"].values()
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - the container's
    assert "privileged" not in service
    (volume,) = service["volumes"]
    name, target = volume.split(":")
    assert name in compose["volumes"]
    assert target == "/data"


# --- settings --------------------------------------------------------------------------------


def test_the_example_names_every_setting_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.settings import Settings, variable_of  # noqa: PLC0415 - only this test needs it

    monkeypatch.delenv("DATABASE_URL", raising=False)
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert named == {variable_of(name) for name in Settings.model_fields}


# --- the repository --------------------------------------------------------------------------


@pytest.mark.parametrize("trace", [*REGISTRY_HOSTS, *INDEX_OPTIONS])
def test_no_file_names_a_package_registry(texts: dict[str, str], trace: str) -> None:
    assert [name for name, text in texts.items() if trace in text] == []


def test_no_file_holds_a_path_of_somebodys_machine(texts: dict[str, str]) -> None:
    found = {name: MACHINE_PATHS.findall(text) for name, text in texts.items()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_python_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["tool"]["ruff"]["target-version"] == "py311"
    assert "(3, 11)" in (ROOT / "Makefile").read_text("utf-8")
