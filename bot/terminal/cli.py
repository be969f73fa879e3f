"""The words a person types: arguments and options of each command.

What the commands do is in the modules beside this one, loaded when the first of it is called.
Names and summaries come from `core.talking.commands`.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot import VERSION
from bot.core.talking.command_table import BY_NAME
from bot.core.talking.commands import EXPORTS
from bot.terminal.typed import readable
from bot.terminal.words import Tolerant

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable
    from types import ModuleType

    from bot.settings import Settings
    from bot.terminal import (
        commands,
        demo,
        doctor,
        jobs,
        keeping,
        matrix,
        run,
        said,
        serve,
        slack,
        talk,
        usage,
    )
    from bot.terminal.exits import Exit
else:

    def _lazy(name: str) -> ModuleType:
        """Return a module that is loaded when the first of its names is used."""
        spec = importlib.util.find_spec(name)
        spec.loader = importlib.util.LazyLoader(spec.loader)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    commands = _lazy("bot.terminal.commands")
    demo = _lazy("bot.terminal.demo")
    jobs = _lazy("bot.terminal.jobs")
    keeping = _lazy("bot.terminal.keeping")
    serve = _lazy("bot.terminal.serve")
    doctor = _lazy("bot.terminal.doctor")
    run = _lazy("bot.terminal.run")
    said = _lazy("bot.terminal.said")
    slack = _lazy("bot.terminal.slack")
    matrix = _lazy("bot.terminal.matrix")
    talk = _lazy("bot.terminal.talk")
    usage = _lazy("bot.terminal.usage")

cli = typer.Typer(
    name="briefbot",
    cls=Tolerant,
    help="Reads articles, briefs them, answers questions: every word proven by the stored text.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsJsonLines = Annotated[
    bool, typer.Option("--jsonl", help="Answer JSON objects from standard input, one a line.")
]
About = Annotated[
    str,
    typer.Option("--about", metavar="NUMBER|URL", help="Which article; if not given, the last."),
]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")]
IgnoreLeads = Annotated[
    bool, typer.Option("--ignore-lead-bullets", help="Write from the body alone.")
]
Words = Annotated[list[str] | None, typer.Argument()]


def _command(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return cli.command(name, help=BY_NAME[name].summary)


@cli.callback(invoke_without_command=True)
def _options(
    ctx: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback when something breaks.")
    ] = False,
) -> None:
    ctx.obj = debug
    if version:
        typer.echo(f"briefbot {VERSION}")
        raise typer.Exit


@_command("brief")
def _brief(
    ctx: typer.Context,
    sources: Annotated[list[str] | None, typer.Argument(metavar="URL|FILE|-")] = None,
    *,
    bullets: Annotated[
        int | None, typer.Option(min=1, help="How many bullets; 5 if not set otherwise.")
    ] = None,
    ignore_lead_bullets: IgnoreLeads = False,
    as_json: AsJson = False,
    jsonl: AsJsonLines = False,
) -> None:
    if jsonl:
        _run(
            ctx,
            lambda settings: commands.json_lines(
                "brief", settings, bullets=bullets, ignore_lead_bullets=ignore_lead_bullets
            ),
        )
    given = _given(ctx, sources)
    _run(
        ctx,
        lambda settings: commands.brief(
            given,
            settings,
            bullets=bullets,
            ignore_lead_bullets=ignore_lead_bullets,
            as_json=as_json,
        ),
    )


@_command("read")
def _read(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="URL|FILE|-")] = "",
    *,
    as_json: AsJson = False,
    jsonl: AsJsonLines = False,
) -> None:
    if jsonl:
        _run(ctx, lambda settings: commands.json_lines("read", settings))
    given = _given(ctx, [source] if source else None)[0]
    _run(ctx, lambda settings: commands.read(given, settings, as_json=as_json))


@_command("ask")
def _ask(
    ctx: typer.Context,
    question: Words = None,
    *,
    about: About = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Ask all that was read, not one article.")
    ] = False,
    as_json: AsJson = False,
    jsonl: AsJsonLines = False,
) -> None:
    if jsonl:
        _run(ctx, lambda settings: commands.json_lines("ask", settings))
    text = _joined(_given(ctx, question))
    if everything and about:
        raise typer.BadParameter("give --all or --about, not both", ctx=ctx)
    _run(
        ctx,
        lambda settings: commands.ask(
            text, settings, about=about, everything=everything, as_json=as_json
        ),
    )


@_command("check")
def _check(
    ctx: typer.Context,
    claim: Words = None,
    *,
    about: About = "",
    as_json: AsJson = False,
    jsonl: AsJsonLines = False,
) -> None:
    if jsonl:
        _run(ctx, lambda settings: commands.json_lines("check", settings))
    text = _joined(_given(ctx, claim))
    _run(ctx, lambda settings: commands.check(text, settings, about=about, as_json=as_json))


@_command("proof")
def _proof(
    ctx: typer.Context,
    bullet: Annotated[str, typer.Argument()] = "",
    *,
    about: About = "",
    as_json: AsJson = False,
) -> None:
    _run(ctx, lambda settings: commands.proof(bullet, settings, about=about, as_json=as_json))


@_command("list")
def _list(ctx: typer.Context, *, limit: Limit = 20, as_json: AsJson = False) -> None:
    _run(ctx, lambda settings: commands.listing(settings, limit=limit, as_json=as_json))


@_command("search")
def _search(
    ctx: typer.Context, text: Words = None, *, limit: Limit = 10, as_json: AsJson = False
) -> None:
    sought = _joined(_given(ctx, text))
    _run(ctx, lambda settings: commands.search(sought, settings, limit=limit, as_json=as_json))


@_command("forget")
def _forget(
    ctx: typer.Context,
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="NUMBER|URL|mine|thread|channel")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Forget everything: channel, without being asked.")
    ] = False,
) -> None:
    named = ["channel", "yes"] if everything else _given(ctx, articles)
    _run(ctx, lambda settings: commands.forget(named, settings))


@_command("export")
def _export(
    ctx: typer.Context,
    named: Annotated[list[str] | None, typer.Argument(metavar="[mine|thread] [md|json]")] = None,
    *,
    form: Annotated[str, typer.Option("--format", help="The same: md or json.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", help="File; - prints.")] = "-",
) -> None:
    words = [*(named or ()), *filter(None, [form])]
    if not set(words) <= EXPORTS or form not in ("", "md", "json"):
        raise typer.BadParameter(f"give {BY_NAME['export'].usage}", ctx=ctx)
    _run(ctx, lambda settings: commands.export_to(" ".join(words), settings, output=output))


@_command("settings")
def _settings(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument()] = "",
    value: Words = None,
    *,
    everywhere: Annotated[
        bool, typer.Option("--all", help="The whole workspace's: the same as settings all.")
    ] = False,
    workspace: Annotated[
        str,
        typer.Option(metavar="ID", help="The Slack team's or homeserver's, not the terminal's."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    everywhere = (everywhere or bool(workspace)) and name != "all"
    text = _joined((*(["all"] if everywhere else []), name, *(value or ())))
    _run(
        ctx,
        lambda settings: said.settings_of(text, settings, workspace=workspace, as_json=as_json),
    )


@_command("language")
def _language(ctx: typer.Context, language: Words = None) -> None:
    _say(ctx, language)


@_command("length")
def _length(ctx: typer.Context, length: Words = None) -> None:
    _say(ctx, length)


@_command("digest")
def _digest(ctx: typer.Context, what: Words = None) -> None:
    _say(ctx, what)


@_command("why")
def _why(ctx: typer.Context) -> None:
    _say(ctx, None)


@_command("help")
def _help(ctx: typer.Context, command: Words = None) -> None:
    _say(ctx, command)


@_command("usage")
def _usage(
    ctx: typer.Context,
    *,
    days: Annotated[int, typer.Option(min=1, max=400, help="How many days, with today.")] = 30,
    as_json: AsJson = False,
) -> None:
    _run(ctx, lambda settings: usage.used(settings, days=days, as_json=as_json))


slack_commands = typer.Typer(help=BY_NAME["slack"].summary, no_args_is_help=True)
cli.add_typer(slack_commands, name="slack")


@slack_commands.command("manifest", help=BY_NAME["slack"].summary)
def _manifest(
    ctx: typer.Context,
    *,
    http: Annotated[
        str,
        typer.Option(metavar="URL", help="Address for Slack's requests; without one, Socket Mode."),
    ] = "",
) -> None:
    _run(ctx, lambda _: slack.manifest(http))


matrix_commands = typer.Typer(help=BY_NAME["matrix"].summary, no_args_is_help=True)
cli.add_typer(matrix_commands, name="matrix")


@matrix_commands.command("reset", help=BY_NAME["matrix"].summary)
def _reset(ctx: typer.Context) -> None:
    _run(ctx, lambda settings: matrix.reset(settings))  # noqa: PLW0108 - as below


@_command("console")
def _console(ctx: typer.Context) -> None:
    _run(ctx, lambda settings: talk.talk(settings))  # noqa: PLW0108 - `talk` loads when called


@_command("serve")
def _serve(
    ctx: typer.Context,
    *,
    front_end_only: Annotated[
        bool, typer.Option("--front-end-only", help="Listen and post; workers do the rest.")
    ] = False,
) -> None:
    _run(ctx, lambda settings: serve.serve(settings, front_end=True, worker=not front_end_only))


@_command("worker")
def _worker(ctx: typer.Context) -> None:
    _run(ctx, lambda settings: serve.serve(settings, front_end=False, worker=True))


@_command("jobs")
def _jobs(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="[show|retry]")] = "show",
    number: Annotated[int | None, typer.Argument(min=1)] = None,
    *,
    as_json: AsJson = False,
) -> None:
    if action not in ("show", "retry"):
        raise typer.BadParameter("give show or retry", ctx=ctx)
    if action == "retry":
        _run(ctx, lambda settings: jobs.again(settings, number=number))
    _run(ctx, lambda settings: jobs.listed(settings, number=number, as_json=as_json))


@_command("backup")
def _backup(ctx: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE")]) -> None:
    _run(ctx, lambda settings: keeping.backup(settings, target=file))


@_command("restore")
def _restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE")],
    *,
    force: Annotated[
        bool,
        typer.Option(help="Also where the present database can't tell what was forgotten."),
    ] = False,
) -> None:
    _run(ctx, lambda settings: keeping.restore(settings, source=file, force=force))


@_command("move")
def _move(
    ctx: typer.Context,
    *,
    to: Annotated[str, typer.Option("--to", metavar="URL", help="The database to copy to.")],
) -> None:
    _run(ctx, lambda settings: keeping.move(settings, to=to))


@_command("doctor")
def _doctor(
    ctx: typer.Context,
    *,
    url: Annotated[str, typer.Option(help="Also read this page.")] = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Only the exit code; no model is asked.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    _run(ctx, lambda settings: doctor.examine(settings, url=url, quiet=quiet, as_json=as_json))


@_command("demo")
def _demo(ctx: typer.Context) -> None:
    _run(ctx, lambda settings: demo.demo(settings))  # noqa: PLW0108 - `demo` loads when called


def _given(ctx: typer.Context, arguments: list[str] | None) -> list[str]:
    """Return what was given; nothing at all is an error that shows the usage."""
    if not arguments or not any(argument.strip() for argument in arguments):
        usage = BY_NAME[ctx.command.name or ""].usage
        raise typer.BadParameter(f"give {usage}", ctx=ctx)
    return arguments


def _joined(words: Iterable[str]) -> str:
    return readable(" ".join(words))


def _say(ctx: typer.Context, words: list[str] | None) -> NoReturn:
    """Carry out a command in the words of a chat."""
    name = ctx.command.name or ""
    text = _joined(words or ())
    _run(ctx, lambda settings: said.said(name, text, settings))


def _run(
    ctx: typer.Context, work: Callable[[Settings], Exit | Coroutine[Any, Any, Exit]]
) -> NoReturn:
    """Do what a command says and end with its exit code."""
    raise typer.Exit(run.run(work, debug=bool(ctx.obj)))
