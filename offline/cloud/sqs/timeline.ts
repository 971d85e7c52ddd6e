interface Due<T> {
  at: number;
  item: T;
}

/** Items by the time at which they are due, as a binary heap. */
export class Timeline<T> {
  private readonly heap: Due<T>[] = [];

  /** When the next item is due, in milliseconds since 1970. */
  get next(): number | undefined {
    return this.heap[0]?.at;
  }

  add(at: number, item: T): void {
    const { heap } = this;
    let index = heap.push({ at, item }) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.at(parent) <= at) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  /** Takes out the earliest item that is due by then. */
  take(now: number): T | undefined {
    const { heap } = this;
    const [first] = heap;
    if (!first || first.at > now) return undefined;
    const last = heap.pop() as Due<T>;
    if (heap.length === 0) return first.item;
    heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.at(right) < this.at(left) ? right : left;
      if (this.at(child) >= last.at) return first.item;
      this.swap(index, child);
      index = child;
    }
  }

  private at(index: number): number {
    return this.heap[index]?.at ?? Number.POSITIVE_INFINITY;
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    [heap[one], heap[other]] = [heap[other] as Due<T>, heap[one] as Due<T>];
  }
}
