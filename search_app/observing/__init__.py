"""What whoever runs the server can see of it: metrics for Prometheus, and a log of requests.

middleware    measures each request and tells both
metrics       what is counted, as Prometheus reads it
access_log    a line of JSON for each request
query_kind    what kind of query a request has
"""
