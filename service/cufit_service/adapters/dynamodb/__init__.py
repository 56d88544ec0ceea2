"""One store per aggregate, on DynamoDB."""
