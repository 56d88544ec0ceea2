"""What is said about a configuration that cannot be used: key, value, and what would be legal."""

import shutil
from pathlib import Path

import pytest

from stacks.config_files import ConfigurationFault, load_environments

FIXTURES = Path(__file__).parents[2] / "fixtures/config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES, tmp_path / "config"))


def _edit(config: Path, name: str, old: str, new: str) -> None:
    file = config / f"{name}.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def _faults(config: Path) -> list[str]:
    with pytest.raises(ConfigurationFault) as error:
        load_environments(config)
    return error.value.faults


def test_the_committed_environments_are_fine() -> None:
    assert load_environments()


def test_an_environment_is_named_after_its_file() -> None:
    assert [found.name for found in load_environments(FIXTURES)] == ["dev", "local", "prod"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "memory = 1024",
            "memry = 1024",
            "fargate.memry is not a key; did you mean fargate.memory?",
        ),
        (
            'entry = "cloudmap"',
            'entri = "cloudmap"',
            "entri is not a key; did you mean entry?",
        ),
        (
            "retain_data = false",
            "retain_data = false\ncpu = 512",
            "cpu is not a key; did you mean fargate.cpu?",
        ),
        (
            "monthly_usd = 37.5",
            "monthly_usd = 37.5\nxyz = 1",
            "budget.xyz is not a key; legal are budget.monthly_usd, budget.vat_percent, "
            "budget.credits_usd, budget.credits_from",
        ),
        (
            "credits_from = 2026-12-01",
            "",
            "budget: credits_usd and credits_from go together: what was left, and on which day "
            "(credits_from = 2026-12-01, without quotes)",
        ),
        (
            "credits_from = 2026-12-01",
            'credits_from = "December"',
            "budget.credits_from = 'December': a day is needed, such as 2026-12-01, without quotes",
        ),
        (
            "cpu = 256",
            "cpu = 1024",
            "fargate: 1024 CPU units with 1024 MiB is not a Fargate size; 1024 goes"
            " with 2048–8192 MiB in steps of 1024; 512 goes with 1024–4096",
        ),
        (
            "spot = false",
            "spot = true",
            "fargate.spot = true with desired_count = 1: a single task on Spot is "
            "down until capacity returns; set desired_count to 2 or more, or spot ="
            " false",
        ),
        (
            'email = "cufit-dev@cufit.example"',
            "",
            "alarms: nobody would hear them; set email or webhook_parameter (or both)",
        ),
        (
            "[matching]",
            "[matching]\ndimension = 768",
            "matching.dimension = 768: amazon.titan-embed-text-v2:0 offers 256, 512, 1024",
        ),
        (
            "[matching]",
            '[matching]\nembedding_model_id = "titan"',
            "matching.embedding_model_id = 'titan': legal are amazon.titan-embed-text-v2:0",
        ),
        (
            "[matching]",
            "[matching]\ntimeout_seconds = 24",
            "matching.timeout_seconds = 24: a question, the one that corrects its answer and 10 s "
            "for the rest must fit into match_worker's 60 s; 5 to 23 is legal",
        ),
        (
            "[matching]",
            "[photos]\nmax_pixels = 100_000_000\n[matching]",
            "photos.max_pixels = 100000000: a HEIF of that size takes 22 bytes a pixel to decode, "
            "and photo_processor has 1769 MiB; up to 57919525 is legal",
        ),
        (
            '"ap-northeast-2c"]',
            '"us-east-1c"]',
            "availability_zones: 'us-east-1c' is not a zone of ap-northeast-2; its "
            "zones are named ap-northeast-2a, ap-northeast-2b, …",
        ),
        (
            '"ap-northeast-2c"]',
            '"ap-northeast-2a"]',
            "availability_zones: 'ap-northeast-2a' is named twice; two different ones are needed",
        ),
        (
            'model_id = "apac.amazon.nova-lite-v1:0"',
            'model_id = "cufit.simulated-v1"',
            "matching.model_id = 'cufit.simulated-v1': only local has the stand-in;"
            " a Bedrock model or inference profile is needed, such as "
            "'apac.amazon.nova-lite-v1:0'",
        ),
        (
            "https://kauth.kakao.com",
            "https://issuer.cufit.local.invalid",
            "auth.issuer = 'https://issuer.cufit.local.invalid': only local may "
            "trust an issuer of its own; name the OIDC provider that signs people "
            "in",
        ),
        (
            "audiences = [",
            "audience = [",
            "auth.audience is not a key; did you mean auth.audiences?",
        ),
        (
            '["kakao-rest-api-key", "kakao-native-app-key"]',
            "[]",
            "auth.audiences = []: List should have at least 1 item after validation, not 0",
        ),
        (
            '"kakao-native-app-key"]',
            '"kakao-native-app-key", "kakao-rest-api-key"]',
            "auth.audiences = ['kakao-rest-api-key', 'kakao-native-app-key', "
            "'kakao-rest-api-key']: one of them stands twice; name each once",
        ),
        (
            '"kakao-native-app-key"]',
            '" "]',
            "auth.audiences = ['kakao-rest-api-key', ' ']: each is compared with the token's aud: "
            "no blanks around it, not empty",
        ),
        (
            "https://kauth.kakao.com",
            "http://kauth.kakao.com",
            "auth.issuer = 'http://kauth.kakao.com': an https:// address is needed",
        ),
        (
            "[budget]",
            '[functions]\narchitecture = "host"\n[budget]',
            "functions.architecture = 'host': only local may say so; 'arm64' is legal here",
        ),
        (
            "[budget]",
            '[functions]\npython = "host"\n[budget]',
            "functions.python = 'host': only local may say so; '3.14' is legal here",
        ),
        (
            "[budget]",
            '[image]\nmode = "source"\n[budget]',
            "image.mode = 'source': only local may say so; 'build' is legal here",
        ),
        (
            "[budget]",
            "[throttling]\nburst = 5\n[budget]",
            "throttling.burst = 5: less than a second's worth of rate = 20; 20 or more is legal",
        ),
        (
            "desired_count = 1",
            "desired_count = 0",
            "fargate.desired_count = 0: no office_hours bring up a task; 1 or more is legal",
        ),
        (
            'opens = "10:00"',
            'opens = "22:00"',
            "office_hours: opens = 22:00 is not before closes = 22:00; both are of one day",
        ),
        (
            "daily_usd = 0.25",
            "daily_usd = 3.0",
            "brake.daily_usd = 3.0: more than a month's brake.monthly_usd = 2.5; "
            "up to 2.5 is legal",
        ),
        (
            '"ap-northeast-2"\n',
            '"ap-northeast-9"\n',
            "region = 'ap-northeast-9': AWS has no such region; did you mean ap-northeast-3?",
        ),
        (
            '"ap-northeast-2"\n',
            '"aws-global"\n',
            "region = 'aws-global': AWS has no such region; ap-northeast-2 is Seoul",
        ),
        (
            '"apac.amazon.nova-lite-v1:0"',
            '"kr.amazon.nova-lite-v1:0"',
            "matching.model_id = 'kr.amazon.nova-lite-v1:0': from ap-northeast-2 there are no "
            "inference profiles kr.; legal are apac., global. or a model of the region without any",
        ),
        (
            '"apac.amazon.nova-lite-v1:0"',
            '"us.amazon.nova-lite-v1:0"',
            "matching.model_id = 'us.amazon.nova-lite-v1:0': from ap-northeast-2 there are no "
            "inference profiles us.; legal are apac., global. or a model of the region without any",
        ),
        (
            '"apac.amazon.nova-lite-v1:0"',
            '"nova-lite"',
            "matching.model_id = 'nova-lite': no model is named so; an id is PROVIDER.MODEL, or an "
            "inference profile's, such as apac.amazon.nova-lite-v1:0",
        ),
        (
            "monthly_usd = 37.5",
            "monthly_usd = inf",
            "budget.monthly_usd = inf: a finite number is needed",
        ),
        (
            "monthly_usd = 37.5",
            "monthly_usd = nan",
            "budget.monthly_usd = nan: a finite number is needed",
        ),
        (
            "temperature = 0.0",
            "temperature = nan",
            "matching.temperature = nan: a finite number is needed",
        ),
        (
            'model_id = "apac.amazon.nova-lite-v1:0"',
            'model_id = "global.anthropic.claude-haiku-5-5"',
            "matching.temperature = 0.0: global.anthropic.claude-haiku-5-5 refuses any question "
            "with one, as Claude does since Opus 4.7; leave the key out",
        ),
        (
            "[matching]",
            '[matching]\nprompt_version = "v99"',
            "matching.prompt_version = 'v99': there is no folder prompts/match/v99; legal are v1, "
            "v2",
        ),
        (
            "[matching]",
            '[matching]\nshadow_prompt_version = "v99"',
            "matching.shadow_prompt_version = 'v99': there is no folder prompts/match/v99; legal "
            "are v1, v2",
        ),
        (
            "[matching]",
            '[matching]\nshadow_prompt_version = "v2"',
            "matching.shadow_prompt_version = 'v2': would be compared with itself; another version "
            "than prompt_version is legal, or none",
        ),
        (
            "[matching]",
            "[matching]\nshortlist = 23",
            "matching.shortlist = 23: each takes about 80 tokens of the answer that "
            "prompt_version = 'v2' asks for, and max_tokens = 1760; legal is a shortlist of "
            "5 to 22, or max_tokens = 1840",
        ),
        (
            "[matching]",
            '[matching]\nprompt_version = "v1"',
            "matching.shortlist = 22: each takes about 120 tokens of the answer that "
            "prompt_version = 'v1' asks for, and max_tokens = 1760; legal is a shortlist of "
            "5 to 14, or max_tokens = 2640",
        ),
        (
            "[matching]",
            '[matching]\nshadow_prompt_version = "v1"',
            "matching.shortlist = 22: each takes about 120 tokens of the answer that "
            "shadow_prompt_version = 'v1' asks for, and max_tokens = 1760; legal is a shortlist of "
            "5 to 14, or max_tokens = 2640",
        ),
        (
            "[matching]",
            "[matching]\nmax_tokens = 300",
            "matching.shortlist = 22: each takes about 80 tokens of the answer that "
            "prompt_version = 'v2' asks for, and max_tokens = 300; legal is max_tokens = 400 with "
            "a shortlist of 5, or max_tokens = 1760",
        ),
        (
            "[matching]",
            "[matching]\nnear_in_meaning = 23",
            "matching.near_in_meaning = 23: they are a part of the shortlist = 22; 0 to 22 is "
            "legal",
        ),
        (
            "log_retention_days = 7",
            "",
            "log_retention_days is missing",
        ),
        (
            "cpu = 256",
            'cpu = "256"',
            "fargate: cpu = '256', memory = 1024: cpu is in CPU units (1024 are 1 vCPU) and memory "
            "in MiB (1024 are 1 GB), both without quotes; you may have meant cpu = 256, memory = "
            "1024",
        ),
        (
            "region",
            'name = "x"\nregion',
            "name is not a key; an environment is named after its file",
        ),
    ],
)
def test_each_fault_is_named(config: Path, old: str, new: str, fault: str) -> None:
    _edit(config, "dev", old, new)

    assert _faults(config) == [f"config/dev.toml: {fault}"]


def test_all_faults_of_all_files_are_named_at_once(config: Path) -> None:
    _edit(config, "dev", "cpu = 256", "cpus = 256")
    _edit(config, "dev", 'entry = "cloudmap"', 'entry = "nlb"')
    _edit(config, "prod", "retain_data = true", "retain_data = false")

    assert _faults(config) == [
        "config/dev.toml: entry = 'nlb': Input should be 'cloudmap' or 'alb'",
        "config/dev.toml: fargate.cpus is not a key; did you mean fargate.cpu?",
        "config/prod.toml: retain_data = false: production keeps its data; "
        "true is the only legal value",
    ]


def test_a_file_that_is_not_toml_is_named_with_the_line(config: Path) -> None:
    (config / "dev.toml").write_text("region = \n")

    (fault,) = _faults(config)

    assert fault.startswith("config/dev.toml: not TOML: Invalid value (at line 1")


def test_a_file_saved_with_a_byte_order_mark_is_read(config: Path) -> None:
    file = config / "dev.toml"
    file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")

    assert len(load_environments(config)) == 3


def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(config: Path) -> None:
    (config / "dev.toml").write_text("# x\n# 우리 서버\n", encoding="cp949")

    assert _faults(config) == [
        "config/dev.toml: not UTF-8 (line 2), as TOML must be; save it as UTF-8"
    ]


def test_a_file_name_that_is_no_environment_name(config: Path) -> None:
    shutil.copy(config / "prod.toml", config / "My Prod.toml")

    assert _faults(config) == [
        "config/My Prod.toml: the file's name is the environment's: 'My Prod' must be 2 to 12 "
        "lower-case letters and digits, a letter first"
    ]


def test_production_is_never_parked(config: Path) -> None:
    _edit(config, "prod", "desired_count = 1", "desired_count = 0")
    with (config / "prod.toml").open("a") as prod:
        prod.write('[office_hours]\nopens = "10:00"\ncloses = "11:00"\n')

    assert _faults(config) == [
        "config/prod.toml: fargate.desired_count = 0: no office_hours bring up a task; 1 or more "
        "is legal",
        "config/prod.toml: fargate.desired_count = 0: only what is not production may be parked; "
        "1 or more",
        "config/prod.toml: office_hours: production is always on; leave the table out",
    ]


def test_one_account_has_one_budget(config: Path) -> None:
    with (config / "prod.toml").open("a") as prod:
        prod.write("[budget]\nmonthly_usd = 30.0\n")
    assert _faults(config) == [
        "config/: budget: dev and prod both have it, and it counts their whole account; keep it "
        "in one"
    ]

    _edit(config, "prod", "retain_data", 'account = "123456789012"\nretain_data')
    _edit(config, "prod", "operator_roles = false", "operator_roles = true")
    _edit(config, "prod", '"existing"', '"create"')
    assert len(load_environments(config)) == 3


def test_an_account_without_a_budget_is_refused(config: Path) -> None:
    budget = "[budget]\nmonthly_usd = 37.5\ncredits_usd = 225\ncredits_from = 2026-12-01\n"
    _edit(config, "dev", budget, "")

    assert _faults(config) == [
        "config/: budget: none of dev, prod has it, and somebody has to hear what their account "
        "costs; write [budget] monthly_usd into one of them, best the one that is deployed first"
    ]


def test_ai_alone_may_not_cost_what_the_account_may(config: Path) -> None:
    _edit(config, "prod", "\nmonthly_usd = 2.5", "\nmonthly_usd = 34.5")

    assert _faults(config) == [
        "config/: prod: brake.monthly_usd = 34.5: AI alone may not cost what the whole account "
        "may; less than 34.09 is legal (budget.monthly_usd of dev before VAT)"
    ]


def test_an_unknown_name_is_answered_with_the_known(config: Path) -> None:
    with pytest.raises(ConfigurationFault) as error:
        load_environments(config, only="production")

    assert str(error.value) == (
        "env = 'production': there is no config/production.toml; legal are dev, local, prod"
    )


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match=r"no environment; each is one \.toml file"):
        load_environments(tmp_path)
