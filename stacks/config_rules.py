"""Rules between keys, and between environments. Each yields the faults it finds as text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from urllib.parse import urlsplit

from match_worker.adapters.bedrock_timing import QUESTIONS, question_seconds
from match_worker.model.claude import refuses_temperature
from match_worker.question_time import LEAST_SECONDS
from stacks.bedrock_models import EMBEDDING_DIMENSIONS, id_fault, is_simulated
from stacks.delivery_rules import (
    faults_in_account,
    immutable_subject_has_both_ids,
    only_its_own_subjects,
)
from stacks.matching_rules import facts_choose_too, prompts_are_there, the_answer_has_room
from stacks.photo_rules import the_largest_photo_fits
from stacks.settings import LAMBDA_PYTHON, LOCAL, Environment, is_production
from stacks.timing import MATCH_WORKER_TIMEOUT, WORKER_RESERVE

Rule = Callable[[Environment], Iterator[str]]


def faults_of(environment: Environment) -> list[str]:
    """Every rule between keys that `environment` breaks."""
    return [fault for rule in _RULES for fault in rule(environment)]


def faults_between(environments: Sequence[Environment]) -> list[str]:
    """Rules that only all environments together can break."""
    deployed = [environment for environment in environments if not environment.is_local]
    accounts = sorted({environment.account for environment in deployed}, key=str)
    return [
        fault
        for account in accounts
        for of_it in [[e for e in deployed if e.account == account]]
        for fault in (*faults_in_account(of_it, account), *_one_budget(of_it))
    ]


def _one_budget(of_an_account: Sequence[Environment]) -> Iterator[str]:
    """A second budget would tell everybody everything twice; none would leave money unwatched."""
    holders = [(e.name, e.budget) for e in of_an_account if e.budget]
    if not holders:
        names = ", ".join(environment.name for environment in of_an_account)
        yield (
            f"budget: none of {names} has it, and somebody has to hear what their account costs; "
            "write [budget] monthly_usd into one of them, best the one that is deployed first"
        )
    if len(holders) > 1:
        names = " and ".join(name for name, _ in holders)
        yield f"budget: {names} both have it, and it counts their whole account; keep it in one"
    for holder, budget in holders:
        for environment in of_an_account:
            if environment.brake.monthly_usd >= budget.usage_usd:
                yield (
                    f"{environment.name}: brake.monthly_usd = {environment.brake.monthly_usd}: "
                    "AI alone may not cost what the whole account may; less than "
                    f"{budget.usage_usd} is legal (budget.monthly_usd of {holder} before VAT)"
                )


def _production_keeps_its_data(environment: Environment) -> Iterator[str]:
    if is_production(environment.name) and not environment.retain_data:
        yield "retain_data = false: production keeps its data; true is the only legal value"


def _production_is_always_on(environment: Environment) -> Iterator[str]:
    if environment.fargate.desired_count == 0 and environment.office_hours:
        yield "fargate.desired_count = 0: no office_hours bring up a task; 1 or more is legal"
    if not is_production(environment.name):
        return
    if environment.fargate.desired_count == 0:
        yield "fargate.desired_count = 0: only what is not production may be parked; 1 or more"
    if environment.office_hours:
        yield "office_hours: production is always on; leave the table out"


def _spot_needs_company(environment: Environment) -> Iterator[str]:
    fargate = environment.fargate
    if fargate.spot and fargate.desired_count < 2:
        yield (
            f"fargate.spot = true with desired_count = {fargate.desired_count}: a single task on "
            "Spot is down until capacity returns; set desired_count to 2 or more, or spot = false"
        )


def _alarms_reach_someone(environment: Environment) -> Iterator[str]:
    if not (environment.alarms.email or environment.alarms.webhook_parameter):
        yield "alarms: nobody would hear them; set email or webhook_parameter (or both)"


def _dimension_is_offered(environment: Environment) -> Iterator[str]:
    model, dimension = environment.matching.embedding_model_id, environment.matching.dimension
    offered = EMBEDDING_DIMENSIONS.get(model)
    if offered is None:
        yield f"matching.embedding_model_id = {model!r}: legal are {_list(EMBEDDING_DIMENSIONS)}"
    elif dimension not in offered:
        yield f"matching.dimension = {dimension}: {model} offers {_list(offered)}"


def _zones_belong_to_the_region(environment: Environment) -> Iterator[str]:
    region, zones = environment.region, environment.availability_zones
    for zone in zones:
        if not (zone.startswith(region) and zone[len(region) :].isalpha()):
            yield (
                f"availability_zones: {zone!r} is not a zone of {region}; "
                f"its zones are named {region}a, {region}b, …"
            )
    if len(set(zones)) < len(zones):
        yield f"availability_zones: {zones[0]!r} is named twice; two different ones are needed"


def _the_worker_has_time(environment: Environment) -> Iterator[str]:
    timeout = environment.matching.timeout_seconds
    for_each = (MATCH_WORKER_TIMEOUT - WORKER_RESERVE) / QUESTIONS
    least, most = ceil(LEAST_SECONDS), int(for_each - question_seconds(0))
    if not least <= timeout <= most:
        yield (
            f"matching.timeout_seconds = {timeout}: a question, the one that corrects its answer "
            f"and {WORKER_RESERVE} s for the rest must fit into match_worker's "
            f"{MATCH_WORKER_TIMEOUT} s; {least} to {most} is legal"
        )


def _model_has_a_name(environment: Environment) -> Iterator[str]:
    model = environment.matching.model_id
    if not is_simulated(model) and (fault := id_fault(model, environment.region)):
        yield f"matching.model_id = {model!r}: {fault}"


def _model_takes_a_temperature(environment: Environment) -> Iterator[str]:
    matching = environment.matching
    asked = matching.matchmaker != "rules"
    if asked and matching.temperature is not None and refuses_temperature(matching.model_id):
        yield (
            f"matching.temperature = {matching.temperature}: {matching.model_id} refuses any "
            "question with one, as Claude does since Opus 4.7; leave the key out"
        )


def _burst_is_not_below_rate(environment: Environment) -> Iterator[str]:
    throttling = environment.throttling
    if throttling.burst < throttling.rate:
        yield (
            f"throttling.burst = {throttling.burst}: less than a second's worth of rate = "
            f"{throttling.rate}; {throttling.rate} or more is legal"
        )


def _a_day_is_part_of_a_month(environment: Environment) -> Iterator[str]:
    brake = environment.brake
    if brake.daily_usd > brake.monthly_usd:
        yield (
            f"brake.daily_usd = {brake.daily_usd}: more than a month's brake.monthly_usd = "
            f"{brake.monthly_usd}; up to {brake.monthly_usd} is legal"
        )


def _local_things_stay_local(environment: Environment) -> Iterator[str]:
    if environment.is_local:
        return
    local_only = {
        "functions.architecture": (environment.functions.architecture, "host", "arm64"),
        "functions.python": (environment.functions.python, "host", LAMBDA_PYTHON),
        "image.mode": (environment.image.mode, "source", "build"),
    }
    for key, (value, refused, legal) in local_only.items():
        if value == refused:
            yield f"{key} = {value!r}: only {LOCAL} may say so; {legal!r} is legal here"
    if is_simulated(environment.matching.model_id):
        yield (
            f"matching.model_id = {environment.matching.model_id!r}: only {LOCAL} has the "
            "stand-in; a Bedrock model or inference profile is needed, "
            "such as 'apac.amazon.nova-lite-v1:0'"
        )
    if (urlsplit(environment.auth.issuer).hostname or "").endswith(_LOCAL_HOSTS):
        yield (
            f"auth.issuer = {environment.auth.issuer!r}: only {LOCAL} may trust an issuer of its "
            "own; name the OIDC provider that signs people in"
        )
    if environment.public_url and environment.public_url.startswith("http://"):
        yield f"public_url = {environment.public_url!r}: only {LOCAL} may do without https"


def _list(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)


_LOCAL_HOSTS = (".invalid", ".localhost", "localhost", "127.0.0.1", ".local", ".test")

_RULES: tuple[Rule, ...] = (
    _production_keeps_its_data,
    _production_is_always_on,
    _spot_needs_company,
    _alarms_reach_someone,
    _dimension_is_offered,
    _zones_belong_to_the_region,
    _the_worker_has_time,
    the_answer_has_room,
    facts_choose_too,
    prompts_are_there,
    the_largest_photo_fits,
    _model_has_a_name,
    _model_takes_a_temperature,
    _burst_is_not_below_rate,
    _a_day_is_part_of_a_month,
    immutable_subject_has_both_ids,
    only_its_own_subjects,
    _local_things_stay_local,
)
