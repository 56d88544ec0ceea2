"""What a function sees: the standard library, its bundle, and what Lambda's runtime brings.

AWS's Python runtimes bring boto3 and what boto3 needs; `make install` puts exactly that into
`lambda-runtime` of this virtual environment. MiniStack alone would let a function import everything
that is installed beside the server.
"""
