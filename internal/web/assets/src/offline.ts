// What is kept on this device: the page /offline, and "Take along" on others.
import { showPage } from "./offline/page";
import { able } from "./offline/keep";
export { take } from "./offline/take";

const root = document.querySelector<HTMLElement>("[data-offline]");
if (root && able()) void showPage(root);
