"""Names that people know for the resources of this project, by logical id without its digest."""

from cufit_ops.review.permissions.words import Words

ROWS = {
    "Members": Words("any member", "모든 회원"),
    "Invitations": Words("any invitation", "모든 초대"),
    "Candidates": Words("any candidate", "모든 후보자"),
    "Recommendations": Words("any recommendation", "모든 추천 결과"),
    "Matches": Words("any match", "모든 주선 기록"),
    "Photos": Words("the record of any photo", "모든 사진의 기록"),
    "Outbox": Words("any message that waits to be sent", "모든 발송 대기 메시지"),
    "Idempotency": Words("the record of any request already answered", "모든 처리 완료 기록"),
}
"""What a row of each table is."""

NAMED = {
    "Members": Words("the members table", "회원 테이블"),
    "Invitations": Words("the invitations table", "초대 테이블"),
    "Candidates": Words("the candidates table", "후보자 테이블"),
    "Recommendations": Words("the recommendations table", "추천 결과 테이블"),
    "Matches": Words("the matches table", "주선 테이블"),
    "Photos": Words("the photos table", "사진 테이블"),
    "Outbox": Words("the outbox table", "발송 대기 테이블"),
    "Idempotency": Words("the idempotency table", "중복 방지 테이블"),
    "PhotoBucket": Words("the photo bucket", "사진 버킷"),
    "MatchRequestsQueue": Words("the queue of match requests", "매칭 요청 대기열"),
    "ProfileChangesQueue": Words("the queue of profile changes", "프로필 변경 대기열"),
    "DeadLetters": Words("the queue of failed messages", "실패한 메시지 대기열"),
    "Failures": Words("the queue of failed photos", "실패한 사진 대기열"),
    "Alarms": Words("the alarm topic", "알람 알림 주제"),
    "KnowledgeBase": Words("the knowledge base", "지식 베이스"),
    "VectorIndex": Words("the vectors of the knowledge base", "지식 베이스의 벡터"),
    "VectorBucket": Words("the vector bucket", "벡터 버킷"),
    "HttpApi": Words("the API", "API"),
    "Api": Words("the API", "API"),
    "FargateService": Words("the service", "서비스"),
    "NetworkTaskSecurityGroup": Words("the service", "서비스"),
    "NetworkLinkSecurityGroup": Words("the API's link to the service", "API와 서비스의 연결"),
}

OBJECTS = {
    "incoming/": Words("any photo just uploaded", "갓 업로드된 모든 사진"),
    "photos/": Words("any photo that people see", "공개된 모든 사진"),
}
"""What lies under each prefix of the photo bucket."""

NOUNS = {
    "AWS::DynamoDB::GlobalTable": Words("table", "테이블"),
    "AWS::DynamoDB::Table": Words("table", "테이블"),
    "AWS::S3::Bucket": Words("bucket", "버킷"),
    "AWS::SQS::Queue": Words("queue", "대기열"),
    "AWS::SNS::Topic": Words("topic", "알림 주제"),
    "AWS::Logs::LogGroup": Words("log", "로그"),
    "AWS::SSM::Parameter": Words("parameter", "파라미터"),
    "AWS::SecretsManager::Secret": Words("secret", "비밀 값"),
    "AWS::KMS::Key": Words("key", "암호화 키"),
    "AWS::S3Vectors::Index": Words("vector index", "벡터 색인"),
    "AWS::S3Vectors::VectorBucket": Words("vector bucket", "벡터 버킷"),
    "AWS::Bedrock::KnowledgeBase": Words("knowledge base", "지식 베이스"),
    "AWS::ECS::Service": Words("service", "서비스"),
    "AWS::ECS::Cluster": Words("cluster", "클러스터"),
    "AWS::ECR::Repository": Words("image repository", "이미지 저장소"),
    "AWS::IAM::ManagedPolicy": Words("policy", "정책"),
    "AWS::EC2::SecurityGroup": Words("security group", "보안 그룹"),
    "AWS::EC2::Subnet": Words("subnet", "서브넷"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Words("load balancer", "로드 밸런서"),
    "AWS::ApiGatewayV2::Api": Words("API", "API"),
}

SERVICES = {
    "dynamodb": Words("every table and every row in it", "모든 테이블과 그 안의 모든 데이터"),
    "s3": Words("every bucket and every file in it", "모든 버킷과 그 안의 모든 파일"),
    "sqs": Words("every queue", "모든 대기열"),
    "sns": Words("every topic", "모든 알림 주제"),
    "ssm": Words("every parameter, secret ones too", "비밀 값을 포함한 모든 파라미터"),
    "secretsmanager": Words("every secret", "모든 비밀 값"),
    "iam": Words("every role, user and policy", "모든 역할·사용자·정책"),
    "sts": Words("every role", "모든 역할"),
    "kms": Words("every encryption key", "모든 암호화 키"),
    "logs": Words("every log", "모든 로그"),
    "lambda": Words("every function", "모든 함수"),
    "bedrock": Words("every model and knowledge base", "모든 모델과 지식 베이스"),
    "s3vectors": Words("every vector index", "모든 벡터 색인"),
    "ecs": Words("every service and task", "모든 서비스와 작업"),
    "ecr": Words("every image", "모든 이미지"),
    "cloudwatch": Words("metrics and alarms", "지표와 알람"),
    "cloudformation": Words("every stack", "모든 스택"),
    "ec2": Words("the whole network and every machine", "네트워크와 모든 서버"),
}
"""All that a service holds: what `*` stands for."""
