"""A stand-in for what cufit uses of Amazon Bedrock.

Requests are held against botocore's own service models, so the limits, names and shapes are AWS's;
what the models do not say (S3 Vectors' metadata limits, prompt placeholders) is named where it is
enforced. The one model, `cufit.simulated-v1`, is arithmetic on words, and says so by its name.
"""
