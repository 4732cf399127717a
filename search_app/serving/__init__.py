"""Between the network and the application: HTTP, sockets, queues, caches and clients.

granian_worker · listening      Granian's worker in this process; its sockets
admission                       queues: a slot for each request, shared among clients
direct                          what is asked most, answered without Flask
workers                         processes that answer it on other cores
cached · answer_cache           answers that are given again
entity_tags · content_coding    how a client asks whether it has one; compression
response_headers                headers that every answer has
stream                          answers that are made while they are sent
rate_limit                      requests a second of one client
client_address                  who a client is, also behind a proxy
host                            which host a site has
cors                            which other sites may read the answers of the API
base_path                       the path below which readers find the application
wsgi                            the types of WSGI
"""
