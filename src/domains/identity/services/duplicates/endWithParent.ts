/** A thread that ends its process as soon as the parent process is gone. */
import { workerData } from 'node:worker_threads';

const CHECK_MS = 250;

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, CHECK_MS);
