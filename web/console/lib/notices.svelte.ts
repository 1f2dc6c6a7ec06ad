/** How long a notice stays, in ms: what went wrong takes longer to read and to think about. */
const STAY = { good: 5000, bad: 15_000 };

export interface Notice {
  id: number;
  kind: 'good' | 'bad';
  text: string;
}

class Notices {
  list = $state.raw<Notice[]>([]);
  #next = 1;

  say(text: string, kind: Notice['kind'] = 'good'): void {
    const id = this.#next++;
    // The latest good news stands for those before it; trouble waits until it is read.
    this.list = [...this.list.filter((notice) => notice.kind === 'bad').slice(-2), { id, kind, text }];
    setTimeout(() => this.close(id), STAY[kind]);
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();

export interface Question {
  title: string;
  text: string;
  action: string;
  danger?: boolean;
  answer: (yes: boolean) => void;
}

class Confirming {
  question = $state.raw<Question | null>(null);

  /** Asks before something that cannot be taken back lightly. */
  ask(question: Omit<Question, 'answer'>): Promise<boolean> {
    return new Promise((resolve) => {
      this.question = {
        ...question,
        answer: (yes) => {
          this.question = null;
          resolve(yes);
        },
      };
    });
  }
}

export const confirming = new Confirming();
