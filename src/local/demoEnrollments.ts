import { z } from 'zod';
import { connectionOf, type GatewayClient } from './gatewayClient.ts';

const demoPrograms = [
  { code: 'maintenance', name: 'Preventive maintenance' },
  { code: 'replacement', name: 'Replacement 2027' },
];

/** How many of the demo devices take part in a program. */
const enrolledDevices = 20;

const programSchema = z.object({ id: z.string(), code: z.string() });
const deviceSchema = z.object({
  id: z.string(),
  enrollments: z.array(z.object({ id: z.string() })),
});

/** Creates the demo's programs and enrolls its first devices; what is there already stays. */
export async function enrollDemoDevices(
  gateway: GatewayClient,
  workspaceId: string,
): Promise<void> {
  const programIds = await ensurePrograms(gateway, workspaceId);
  const { devices } = await gateway.ask(
    `query DemoDevices($workspaceId: ID!, $first: Int!) {
      devices(workspaceId: $workspaceId, first: $first) {
        edges { node { id enrollments { id } } }
      }
    }`,
    { workspaceId, first: enrolledDevices },
    z.object({ devices: connectionOf(deviceSchema) }),
  );
  for (const [index, device] of devices.entries()) {
    if (device.enrollments.length > 0) continue;
    const programId = programIds[index % programIds.length];
    await gateway.ask(
      `mutation EnrollDemoDevice($input: EnrollDeviceInput!) { enrollDevice(input: $input) { id } }`,
      { input: { programId, deviceId: device.id } },
      z.unknown(),
    );
  }
}

async function ensurePrograms(
  gateway: GatewayClient,
  workspaceId: string,
): Promise<readonly string[]> {
  const { programs } = await gateway.ask(
    `query DemoPrograms($workspaceId: ID!) {
      programs(workspaceId: $workspaceId) { edges { node { id code } } }
    }`,
    { workspaceId },
    z.object({ programs: connectionOf(programSchema) }),
  );
  const ids: string[] = [];
  for (const { code, name } of demoPrograms) {
    const known = programs.find((program) => program.code === code);
    ids.push(known?.id ?? (await createProgram(gateway, { workspaceId, code, name })));
  }
  return ids;
}

async function createProgram(
  gateway: GatewayClient,
  input: { readonly workspaceId: string; readonly code: string; readonly name: string },
): Promise<string> {
  const { createProgram: program } = await gateway.ask(
    `mutation CreateDemoProgram($input: CreateProgramInput!) { createProgram(input: $input) { id } }`,
    { input },
    z.object({ createProgram: z.object({ id: z.string() }) }),
  );
  return program.id;
}
