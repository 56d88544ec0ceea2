"""The embedded AWS: MiniStack with what cufit's stacks need added, on 127.0.0.1 only.

Runs in a virtual environment of its own (ops/embedded_aws/requirements.txt), because MiniStack pins
botocore exactly:

    PYTHONPATH=ops .venv-aws/bin/python -m embedded_aws --port 4577 --state-dir .local/aws

- `environment` is the one place that configures MiniStack;
- `plugins/` holds one small module per point of MiniStack 1.5.33 that is added to or corrected;
- `bedrock/` is the stand-in for Amazon Bedrock: knowledge base documents, retrieval, a simulated
  model and faults on demand;
- `persistence` keeps the state, in one file, so that a kill loses the last two seconds at most;
- `lambda_runtime/` decides what a function can see.

It proves wiring, permissions and behaviour at failures. It is no proof of how AWS behaves.
"""
