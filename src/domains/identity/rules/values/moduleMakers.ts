/**
 * Makers of network chips, modules and boards, and of whole devices under other companies' names,
 * and virtual machines: their addresses are found in devices of any manufacturer. Each is a word of
 * the name as `makerWords` gives it, or several in this order.
 */
const MODULE_MAKERS: readonly string[] = `
  3com, accton, advantech, alpha networks, alps, alpsalpine, altobeam, ampak, annapurna, aplex, arcadyan,
  asix, askey, asrock, asustek, atheros, azurewave, bilian, bouffalo, broadcom, celestica, chicony,
  cig, cloud network, compal, cybertan, cypress, dahua, delta, digi, ecs, elitegroup, em
  microelectronic, ericsson, espressif, fiberhome, flextronics, fn link, foxconn, foxlink, freescale,
  fugui, gaoshengda, gemtek, giga byte, gigabyte, gongjin, good way, hanwha, hikvision, hms, hon hai,
  hosiden, huawei, icomm, ieee registration, infineon, inhand, integrated, intel, intelligent
  precise, inventec, jabil, kanghai, laird, lantronix, lcfc, lg innotek, lite on, liteon, luxshare,
  marvell, mediatek, mellanox, microchip, micro star, microsoft, mitsumi, moxa, msi, murata, nordic,
  nvidia, nxp, panasonic, parallels, pegatron, private, qualcomm, quanta, quectel, ralink, raspberry,
  realtek, redpine, renesas, sagemcom, samsung, sanmina, sercomm, sernet, shiyuan, sierra, silicon
  labs, silicon laboratories, simcom, skyworth, star net, stmicroelectronics, superelectron, supermicro,
  super micro, t w, tdk, telit, texas instruments, tianyi, tinno, tonly, tp link, tuya, tyan, u blox, universal
  global, uniview, vmware, wistron, wnc, xensource, youhua, zte`
  .split(',')
  .map((name) => name.trim().replace(/\s+/g, ' '));

/** Whether a company, given as its words, is known to build network hardware into others' devices. */
export function buildsForOthers(words: readonly string[]): boolean {
  const name = ` ${words.join(' ')} `;
  return MODULE_MAKERS.some((maker) => name.includes(` ${maker} `));
}
