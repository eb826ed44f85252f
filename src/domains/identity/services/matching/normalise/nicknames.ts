/**
 * Given names and the short forms that stand for them, as name authorities and genealogists list
 * them (for instance E. G. Withycombe, The Oxford Dictionary of English Christian Names, 1977). A
 * name can be in several lines: Al is Albert, Alan and Alexander, who are not the same.
 */
const LINES = `
abigail abby abbie gail
abraham abe
adelaide addie heidi
agnes aggie nessie
albert al bert bertie
alexander alex al alec sandy xander sasha alessandro alejandro
alexandra alex sandra sasha lexi
alfred al alf alfie fred
alice allie ally
amanda mandy amy
andrew andy drew andreas
angela angie
ann anne anna annie nan nancy hannah
anthony tony antonio
antoinette toni nettie
archibald archie
arthur art artie
augustus gus august
barbara barb barbie babs bobbie
bartholomew bart
benjamin ben benny benji
bernard bernie
beatrice bea trixie
bradley brad
caroline carrie carol lina
catherine cathy kate katie kathy kathryn katherine kay kit kitty katharine kathleen cate
charles charlie chuck chas karl carlos
charlotte lottie charlie
christina chris tina chrissy christine kristin
christopher chris kit topher
clifford cliff
cornelius neil
cynthia cindy
daniel dan danny
david dave davy
deborah deb debbie debra
dennis denny
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug
edmund ed eddie ned ted
edward ed eddie ned ted teddy eduardo
edwin ed eddie
eleanor ellie nell nellie nora elinor
elizabeth liz lizzie beth betty betsy bess eliza elsie lisa libby lisbeth elisabeth
emily em emma
eugene gene
evelyn eve evie
ezekiel zeke
florence flo flora
frances fran frannie
francis frank fran francisco franz
franklin frank
frederick fred freddie fritz
gabriel gabe
gabrielle gabby
geoffrey geoff jeff jeffrey
george georgie jorge georg
gerald gerry jerry
gertrude gertie trudy
gilbert gil bert
gregory greg
gwendolyn gwen wendy
harold harry hal
helen nell nellie ellen lena
henry harry hank hal heinrich
herbert herb bert
isaac ike zac
isabella bella izzy isabel isabelle
jacob jake jack
jacqueline jackie
james jim jimmy jamie jaime
janet jan
jane janie jenny
jason jay
jennifer jen jenny
jeremiah jerry jeremy
jessica jess jessie
joan joanie
joanna jo joanne
john jack johnny jon johann juan
jonathan jon jonny nathan
joseph joe joey josef jose
josephine jo josie
joshua josh
judith judy
julia julie
kenneth ken kenny
kimberly kim kimberley
lawrence larry lars lorenzo laurence
leonard leo len lenny
leonardo leo
lillian lily lil
louis lou lewis louie luis
louise lou lulu
lucille lucy
lucinda lucy cindy
madeline maddie
magdalena lena magda
margaret maggie meg peggy marge margie greta daisy rita molly maisie
marjorie marge margie
martha marty patty
martin marty
mary molly polly mamie may marie maria
matilda tilly mattie
matthew matt matty
maximilian max
maxwell max
megan meg
melissa mel missy
michael mike mick mickey mikey miguel michel
michelle shelly
mildred millie
mitchell mitch
mohammed mohamed muhammad mohammad mo
nathaniel nathan nate nat
nathan nate
nicholas nick nicky klaus nicolas niko
nicole nicky nikki
norman norm
oliver ollie
olivia liv livvy
oscar ozzie
pamela pam
patricia pat patty trish tricia patsy
patrick pat paddy
paul pablo
penelope penny
peter pete pedro
philip phil phillip
priscilla cilla prissy
rachel rae
raymond ray
rebecca becky becca
reginald reg reggie
richard dick rick ricky rich richie ricardo
robert bob bobby rob robbie bert roberto
roberta bobbie
roderick rod
rodney rod
roger rog
roland rollo
ronald ron ronnie
rosemary rose rosie
rudolph rudy
russell russ
samantha sam sammy
samuel sam sammy
sarah sally sadie
sebastian seb
sharon shari
sidney sid
sophia sophie
solomon sol
stanley stan
stephanie steph
stephen steve stevie steven stefan
stewart stu stuart
susan sue susie suzy susanna suzanne
sylvester sly
tabitha tabby
teresa terry tess theresa tessa
terence terry
theodore ted teddy theo
thomas tom tommy tomas
timothy tim timmy
tobias toby
valerie val
veronica ronnie vera
victor vic
victoria vicky tori vickie
vincent vince vinny
virginia ginny
vivian viv
walter walt wally
wesley wes
wilfred wilf fred
wilhelmina mina willa billie
william bill billy will willy liam wilhelm guillermo
winifred winnie
winston win
zachary zach zack
`;

const LINES_OF = new Map<string, Set<number>>();
for (const [line, names] of LINES.trim().split('\n').entries()) {
  for (const name of names.split(' ')) {
    const lines = LINES_OF.get(name) ?? new Set();
    LINES_OF.set(name, lines.add(line));
  }
}

/** Whether two folded given names can be forms of one name. */
export function areNicknames(one: string, other: string): boolean {
  const lines = LINES_OF.get(one);
  const others = LINES_OF.get(other);
  if (lines === undefined || others === undefined) return false;
  return [...lines].some((line) => others.has(line));
}
