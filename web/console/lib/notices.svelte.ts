/** How long a notice stays, in ms; one with an action stays until it is taken or put away. */
const STAY = 6000;

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
    this.list = [...this.list.slice(-2), { id, kind, text }];
    if (kind === 'good') setTimeout(() => this.close(id), STAY);
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
