"""A breadth-first walk over neighbours; see `ordering`."""

from numba import boolean, int64, uint32, void

from .kernel import kernel


@kernel(void(int64, int64, uint32[:, ::1], int64[::1], boolean[::1], int64[::1]))
def walk(points, k, indices, state, seen, order):
    """Go on with a breadth-first walk until so many more points have been looked at from, or none is left.

    `order` is the queue as well. The state is how many points are in it, how many of them have been looked
    at from, and a row before which all have been seen.
    """
    n = len(indices)
    tail, head, unseen = state
    for _ in range(min(points, n - head)):
        if head == tail:  # all that can be reached from there has been: begin elsewhere
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
