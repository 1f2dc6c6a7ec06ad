"""From publishers to viewers: a worker owns a UDP port and every packet on it.

Packets go one way: `port` -> `worker` (whose is it) -> `publisher` (opened, put in order) -> `source` (its tracks) ->
`output` (which source is shown) -> `lane` (numbered on, kept for repeats) -> every `viewer` on it -> `port`.
A plain loop without tasks: nothing here waits but the loop. Times are seconds of a monotonic clock, handed in.
"""
