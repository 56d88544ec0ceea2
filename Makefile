# The few commands people use; `make` lists them. CI calls the same ones.
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# Set in some shells; without .pyc files every synth compiles aws-cdk-lib anew (+4 s of CPU).
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install up down reset demo test lint check contract evaluation lock drills drills-long deployments walkthrough attack changes photos rolling chaos bench-load capacity image image-check approve iam synth diff report bootstrap prepare deploy diagnose doctor smoke

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## install everything into this checkout (Python packages, embedded AWS, CDK CLI)
	@$(PYTHON) -I ops/install.py

up: install ## deploy cufit onto this laptop, run one real journey, leave it running
	@$(BIN)/cufit up

down: install ## stop what `make up` started; the state stays
	@$(BIN)/cufit down

reset: install ## stop, and forget the state
	@$(BIN)/cufit reset

demo: install ## repeat the journey on the running system
	@$(BIN)/cufit demo

# One file is not worth the start of three workers.
test: install ## every test of the gate, or those of a path: make test T=tests/unit/stacks
	@$(BIN)/pytest $(if $(findstring .py,$(T)),,--numprocesses 3 --dist loadgroup --no-loadscope-reorder) $(T)

lint: install ## lint, format and layers alone: seconds
	@$(BIN)/python -m cufit_ops.gate lint format layers

check: install ## lint, types, layers, locks, templates, workflows
	@$(BIN)/python -m cufit_ops.gate

contract: install ## the API held against its document, as everybody, and generated clients: minutes
	@$(BIN)/pytest -n0 -q tests/contract --in-full

evaluation: install ## recommendations judged in full, free and offline, and every attack: minutes
	@$(BIN)/cufit eval
	@$(BIN)/pytest -n0 -q --in-full tests/unit/lambdas/test_injection.py

approve: install ## take over a list that changed: make approve LIST=permissions (used, stateful_ids)
	@APPROVE=$(or $(LIST),$(error LIST is missing: permissions, used or stateful_ids)) $(BIN)/pytest -n0 -q tests/infra/test_permissions.py tests/infra/test_stateful_ids.py tests/infra/simulated/test_used.py

lock: install ## compile requirements.txt and the locks of the deployables from pyproject.toml
	@$(BIN)/python -m cufit_ops.dependency_locks

drills: install ## every drill in full, with counts (the gate has a short form)
	@$(BIN)/python -m tests.drills

drills-long: install ## 100,000 histories, every attack, 10,000 broken answers; rules changed bit by bit
	@$(BIN)/pytest -q --in-full tests/unit/lambdas
	@$(BIN)/python -m tests.drills histories --histories 100000
	@rm -rf .cache/mutmut && mkdir -p .cache/mutmut
	@cp -r tests pyproject.toml .cache/mutmut && cp -r service .cache/mutmut/src
	@cd .cache/mutmut && ../../$(BIN)/mutmut run && ../../$(BIN)/mutmut results

deployments: install ## deploy dev and prod onto the embedded AWS, and each likely edit: minutes (ENV=dev: one)
	@CDK_VALIDATION=false $(BIN)/python -m tests.deployments $(if $(ENV),--env $(ENV)) $(if $(EDIT),--edit "$(EDIT)")

walkthrough: install ## docs/deploy.md command by command, onto the embedded AWS and away again: minutes
	@$(BIN)/python -m tests.deployments.walkthrough

attack: install ## naughty strings, bad tokens, others' things, races, smuggling, slow clients: minutes
	@$(BIN)/python -m tests.attacks

changes: install ## every changed template of tests/changes, in dev and in prod: what is it called?
	@$(BIN)/pytest -n0 -q --in-full tests/infra/test_changes.py

photos: install ## the whole corpus of photos, and what one takes of time and memory: minutes
	@$(BIN)/pytest -n0 -q --in-full tests/unit/lambdas/photo_processor
	@$(BIN)/python -m tests.benchmarks.photos

rolling: install ## a local system's task replaced 100 times under load (ENTRY=cloudmap|alb TASKS=2)
	@$(BIN)/python -m tests.drills.chaos rolling $(if $(ENTRY),--entry $(ENTRY)) $(if $(TASKS),--tasks $(TASKS))

chaos: install ## processes of a local system killed, ended, frozen under load (or KILLS=10 of each)
	@$(BIN)/python -m tests.drills.chaos processes $(if $(KILLS),--kills $(KILLS))

bench-load: install ## load on the service, by itself: throughput, latency, memory
	@$(BIN)/python -m tests.benchmarks.load

capacity: install ## what a task of each size carries, measured into ops/measured: minutes (CHECK=1: compare, write nothing)
	@$(BIN)/python -m tests.benchmarks.capacity $(if $(CHECK),--check)

image: install ## build the service's image with whatever builder there is
	@$(BIN)/python -m cufit_image build

image-check: install ## run the image under 0.25 vCPU and 512 MB, and measure it
	@$(BIN)/python -m cufit_image check

iam: install ## what each role may do, what is done with it, what is left over (or ENV=prod)
	@$(BIN)/cufit iam $(if $(ENV),--env $(ENV))

synth: install ## synthesize every environment into cdk.out (or ENV=dev); no AWS account needed
	@$(BIN)/cufit synth $(if $(ENV),--env $(ENV))

diff: install ## what this change does to each environment: make diff BASE=origin/main
	@$(BIN)/cufit diff --base $(or $(BASE),origin/main) $(if $(ENV),--env $(ENV)) $(if $(OUTPUT),--output $(OUTPUT))

# LABELS stays a variable of the shell: who names a label writes no command.
report: install ## what a pull request is told of what `make diff OUTPUT=review` left; 1: a gate is shut
	@$(BIN)/cufit ci report --base review/base --head review/head --labels "$$LABELS" --output review/report.md

bootstrap: install ## prepare the AWS account of an environment, once: make bootstrap ENV=dev
	@$(BIN)/cufit bootstrap --env $(or $(ENV),$(error ENV is missing: make bootstrap ENV=dev))

prepare: install ## change sets of a deployment, to read before: make prepare ENV=prod OUTPUT=plan
	@$(BIN)/cufit prepare --env $(or $(ENV),$(error ENV is missing: make prepare ENV=dev)) $(if $(OUTPUT),--output $(OUTPUT))

deploy: install ## deploy an environment to AWS: make deploy ENV=dev (PLAN=FILE: exactly what was prepared)
	@$(BIN)/cufit deploy --env $(or $(ENV),$(error ENV is missing: make deploy ENV=dev)) $(if $(PLAN),--plan $(PLAN))

diagnose: install ## why a deployment failed: make diagnose ENV=dev
	@$(BIN)/cufit diagnose --env $(or $(ENV),$(error ENV is missing: make diagnose ENV=dev))

doctor: install ## what only an account can answer, before and after: make doctor ENV=dev
	@$(BIN)/cufit doctor $(if $(ENV),--env $(ENV))

smoke: install ## whether what was deployed answers and refuses: make smoke ENV=dev
	@$(BIN)/cufit smoke $(if $(ENV),--env $(ENV))
