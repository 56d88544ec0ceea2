"""What lies in the resources of this project, and what a whole service holds, as people name it."""

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
"""What a row of each table is, by the table's logical id without its digest."""

OBJECTS = {
    "incoming/": Words("any photo just uploaded", "갓 업로드된 모든 사진"),
    "photos/": Words("any photo that people see", "공개된 모든 사진"),
}
"""What lies under each prefix of the photo bucket."""

SERVICES = {
    "dynamodb": Words("every table and every row in it", "모든 테이블과 그 안의 모든 데이터"),
    "s3": Words("every bucket and every file in it", "모든 버킷과 그 안의 모든 파일"),
    "sqs": Words("every queue", "모든 큐"),
    "sns": Words("every topic", "모든 알림 토픽"),
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
