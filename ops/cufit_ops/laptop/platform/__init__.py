"""What AWS runs between a phone and the service: the HTTP API, the authorizer's issuer, the task.

One background process. It reads what was deployed and does as it says; it knows no route, no
variable and no command of cufit itself.
"""
