import { mount } from 'svelte';
import '../shared/base.css';
import './operator.css';
import Operator from './Operator.svelte';
import { offerInstall } from './install.ts';
import { linkOf } from './model/device.ts';
import { Session } from './session.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');

const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = (): void => {
  document.documentElement.classList.toggle('dark', dark.matches);
};
dark.addEventListener('change', paint);
paint();

const link = linkOf(location.pathname);
// One spelling of the address: what is installed, cached and bookmarked is the same page.
if (link && location.pathname !== `/O/${link}`) history.replaceState(null, '', `/O/${link}`);
const session = link ? new Session(link) : null;
mount(Operator, { target, props: { session } });
session?.start();
if (link) offerInstall(link);
