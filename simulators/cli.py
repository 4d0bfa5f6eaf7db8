"""The commands of the simulators: run, drive, random, gateway, registers, scenarios."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from messages import site as sites
from messages.clock import TimeScale
from messages.site import BadSite
from simulators import scenario as scenarios
from simulators import state_registers
from simulators.controllers import Station
from simulators.drive import DEFAULT_PACK, Driven, drive, expectation, record, true_sheet
from simulators.driver.plan import BadPlan
from simulators.http_service import serve
from simulators.payment_gateway import Gateway
from simulators.payment_ledger import Ledger
from simulators.random_exams import write_exams
from simulators.run import Simulators
from simulators.scenario import BadScenario
from simulators.state_registers import Registers, Silence
from simulators.witness import write_truth

_DEFAULT_SITE = Path("sites/sarytau")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 if all went well, 2 if it was asked for what cannot be."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(options.command(options))
    except (BadScenario, BadPlan, BadSite, ValueError, KeyError, OSError) as refusal:
        print(f"simulators: {refusal}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators", description="Stand-ins for hardware and people.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands.add_parser("run", help="cars on pseudo-terminals and track controllers on MQTT, for a demo"))
    _add_drive(commands.add_parser("drive", help="drive one scenario, and record it as an exam"))
    _add_random(commands.add_parser("random", help="drive exams with chosen mistakes drawn by a seed"))
    _add_gateway(commands.add_parser("gateway", help="a payment gateway on HTTP"))
    _add_registers(commands.add_parser("registers", help="the state registers on HTTP"))
    listing = commands.add_parser("scenarios", help="list the scenarios")
    listing.set_defaults(command=_list)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", type=Path, default=_DEFAULT_SITE)
    parser.add_argument("--broker", required=True, help="mqtt://[user:password@]host[:port]")
    parser.add_argument("--state", type=Path, required=True, help="folder of the controllers' outboxes")
    parser.add_argument("--keys", type=Path, required=True, help="folder of <device>.pem and <gateway>.password")
    parser.add_argument("--time-scale", default=str(TimeScale()), help="START_NS:ORIGIN_NS:RATE[:CLOCK_FILE]")
    parser.add_argument("--lock-step", action="store_true", help="move CLOCK_FILE on only as the lines are read")
    parser.add_argument("--cars", default="car-1,car-2")
    parser.add_argument("--tty-dir", type=Path, required=True, help="where the serial lines get their names")
    parser.set_defaults(command=_run)


def _add_drive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", help="a scenario's name, or a YAML file")
    parser.add_argument("--record", type=Path, help="write the exam's recording (MCAP) there")
    parser.add_argument("--seed", type=int, help="another draw of noise and signal timing")
    parser.add_argument("--site", type=Path, default=_DEFAULT_SITE)
    parser.add_argument("--truth", type=Path, help="write the noise-free samples there (JSON lines)")
    parser.add_argument("--pack-file", type=Path, default=DEFAULT_PACK)
    parser.add_argument("--json", action="store_true", help="one JSON object, with the oracle's judgement")
    parser.set_defaults(command=_drive)


def _add_random(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--exams", type=int, required=True)
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first exam of the seed")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--site", type=Path, default=_DEFAULT_SITE)
    parser.add_argument("--pack-file", type=Path, default=DEFAULT_PACK)
    parser.add_argument("--processes", type=int, default=2)
    parser.set_defaults(command=_random)


def _add_gateway(parser: argparse.ArgumentParser) -> None:
    _add_service(parser)
    parser.add_argument("--ledger", type=Path, required=True, help="file of what was paid")
    parser.set_defaults(command=_gateway)


def _add_registers(parser: argparse.ArgumentParser) -> None:
    _add_service(parser)
    parser.add_argument("--records", type=Path, default=state_registers.DATA, help="what the registers know (YAML)")
    parser.add_argument("--zone", default="Asia/Almaty", help="whose hours --silent means")
    parser.add_argument("--silent", action="append", default=[], metavar="REGISTER@HH:MM+MINUTES")
    parser.set_defaults(command=_registers)


def _add_service(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--secrets", type=Path, required=True, help="JSON file with the token and, if any, the secret")
    parser.add_argument("--time-scale", default=str(TimeScale()), help="START_NS:ORIGIN_NS:RATE")


def _gateway(options: argparse.Namespace) -> int:
    told = json.loads(options.secrets.read_text())
    scale = TimeScale.parse(options.time_scale)
    gateway = Gateway(told["token"], told["secret"], Ledger(options.ledger), scale)
    serve(gateway, options.port).serve_forever()
    return 0


def _registers(options: argparse.Namespace) -> int:
    told = json.loads(options.secrets.read_text())
    scale = TimeScale.parse(options.time_scale)
    silences = tuple(Silence(text, scale, options.zone) for text in options.silent)
    registers = Registers(told["token"], state_registers.load(options.records), silences)
    serve(registers, options.port).serve_forever()
    return 0


def _run(options: argparse.Namespace) -> int:
    options.keys.mkdir(parents=True, exist_ok=True)
    station = Station(options.broker, options.keys, options.state, TimeScale.parse(options.time_scale))
    simulators = Simulators(
        sites.load(options.site), station, options.cars.split(","), options.tty_dir, lock_step=options.lock_step
    )
    simulators.run(sys.stdin)
    return 0


def _drive(options: argparse.Namespace) -> int:
    site = sites.load(options.site)
    driven = drive(scenarios.load(options.scenario), site, options.pack_file.read_bytes(), options.seed)
    if options.record is not None:
        record(driven, site, options.record)
    if options.truth is not None:
        write_truth(driven.staged.record, options.truth)
    if options.json:
        print(json.dumps({**expectation(driven), "truth": true_sheet(driven).as_fields()}, ensure_ascii=False))
    else:
        _print_expectation(driven)
    return 0


def _print_expectation(driven: Driven) -> None:
    scenario = driven.staged.scenario
    expect = scenario.expect
    print(f"{scenario.name}: {scenario.title['en']} ({scenario.car}, seed {driven.seed}, noise {scenario.noise})")
    void = f", void by {expect.void_by}" if expect.void_by is not None else ""
    print(f"expected verdict: {expect.verdict.value}{void}")
    for one in expect.faults:
        print(f"  fault {one.rule}, {one.exercise or 'whole exam'}" + (f", {one.times} times" if one.times > 1 else ""))
    for rule in expect.open:
        print(f"  undetermined {rule}")


def _random(options: argparse.Namespace) -> int:
    numbers = range(options.first, options.first + options.exams)
    written = write_exams(
        options.site, options.pack_file, options.seed, numbers, options.out, processes=options.processes
    )
    for fields in written:
        print(json.dumps(fields, ensure_ascii=False), flush=True)
    return 0


def _list(options: argparse.Namespace) -> int:
    del options
    for name in scenarios.names():
        scenario = scenarios.load(name)
        print(f"{name:32} {scenario.expect.verdict.value:13} {scenario.title['en']}")
    return 0
