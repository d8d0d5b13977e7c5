"""A call that a kiosk makes to itself: the server's end of it sends back what it gets.

`desk` lets kiosks in and keeps count, `process` starts one program for each call, `peer` is that program's connection.
Nothing is imported here, so that the program starts soon.
"""
