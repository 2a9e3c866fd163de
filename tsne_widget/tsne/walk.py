"""A breadth-first walk over neighbours; see `ordering`."""

from numba import boolean, int64, uint32, void

from .kernel import kernel


@kernel(void(int64, int64, uint32[:, ::1], int64[::1], boolean[::1], int64[::1]))
def walk(points, k, indices, state, seen, order):
    """Continue a breadth-first walk for a number of points, or until none is left.

    `order` is also the queue. The state holds the number of points in it, the number already visited, and a
    row before which all rows have been seen.
    """
    n = len(indices)
    tail, head, unseen = state
    for _ in range(min(points, n - head)):
        if head == tail:  # all reachable points are visited, so begin elsewhere
            while seen[unseen]:
                unseen += 1
            seen[unseen] = True
            order[tail] = unseen
            tail += 1
        i = order[head]
        head += 1
        for a in range(k):
            j = indices[i, a]
            if not seen[j]:
                seen[j] = True
                order[tail] = j
                tail += 1
    state[0], state[1], state[2] = tail, head, unseen
