"""How types of CloudFormation name what they make."""

NAMES = {
    # AWS makes these two up; Name is a label.
    "AWS::ApiGatewayV2::Api": "ApiId",
    "AWS::ApiGatewayV2::Authorizer": "AuthorizerId",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3Vectors::Index": "IndexName",
    "AWS::S3Vectors::VectorBucket": "VectorBucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
}
"""The property that names a resource; of any other type `Name`."""

REF_IS_ARN = {
    "AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::IAM::ManagedPolicy",
    "AWS::IAM::OIDCProvider", "AWS::SecretsManager::Secret", "AWS::SNS::Topic",
}  # fmt: skip
"""Types of which Ref is the ARN and not the name."""
