"""What the stand-in holds while the server runs."""

from embedded_aws.bedrock.documents import KnowledgeBaseDocuments
from embedded_aws.bedrock.faults import Faults
from embedded_aws.bedrock.invocations import Invocations

documents = KnowledgeBaseDocuments()
faults = Faults()
invocations = Invocations()
