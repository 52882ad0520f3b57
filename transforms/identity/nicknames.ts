/**
 * English given names and their short forms, one group a line, the formal name first; a short form may stand
 * in several groups (Alex is Alexander or Alexandra, who are not each other). Compiled from common usage.
 */
export const nicknames: readonly (readonly string[])[] = `
aaron ron ronnie
abigail abby abbie gail
abraham abe bram
adelaide addie ada
agnes aggie nessa
albert al bert bertie
alexander alex al alec sandy sasha xander lex
alexandra alex ali sandra sandy sasha lexi lexie
alfred al alf alfie fred freddie
alice ali allie
alison ali allie
amanda mandy
amelia amy millie mel
andrea andie
andrew andy drew
angela angie
ann annie anna nan nancy
anne annie anna nan nancy
anthony tony ant
antonia toni
archibald archie
arthur art artie
augustus gus
barbara barb barbie babs
bartholomew bart
beatrice bea trixie
belinda linda bel
benedict ben
benjamin ben benji benny
bernadette bernie
bernard bernie
bradley brad
brenda bren
bridget biddy bridie
caroline carol carrie caro
carolyn carol carrie
cassandra cass cassie sandra
catherine cath cathy cate kate katie kit kitty cat
cecilia cec cissy celia
charles charlie chuck chas chaz
charlotte charlie lottie char
christian chris
christina chris chrissy tina
christine chris chrissy tina
christopher chris kit topher
clarence clay
clifford cliff
clinton clint
constance connie
cornelius neil corny
cynthia cindy
daniel dan danny
danielle dani
david dave davey davy
deborah deb debbie debby
denise dee
dennis den denny
desmond des
diana di
dolores lola
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug
edith edie
edmund ed eddie ted ned
edward ed eddie ted teddy ned
edwin ed eddie
eleanor ellie nell nora ella
elizabeth liz lizzie beth betsy betty bess eliza lisa libby elsie liza
ellen nell nellie ellie
emily em emmy
emma em emmy
ernest ernie
esther essie hettie
eugene gene
evelyn evie eve
ezekiel zeke
fiona fi
florence flo florrie
frances fran frannie fanny francie
francis frank fran
francesca fran frankie
franklin frank
frederick fred freddie fritz
frederica fred freddie
gabriel gabe
gabrielle gabby
gareth gaz
geoffrey geoff jeff
george georgie
georgina georgie gina
gerald gerry jerry
geraldine gerry
gerard gerry
gertrude gertie trudy
gilbert gil bert
gillian gill jill
gordon gord
grace gracie
graham gray
gregory greg
gustav gus
gwendolyn gwen
hannah hanna
harold harry hal
harriet hattie harry
heather heath
helen nell nellie
henrietta hetty etta
henry harry hank hal
herbert herb bert
howard howie
hubert hugh bert
hugh hughie
ian iain
ignatius iggy
imogen immy
irene rene
isaac ike zac
isabel izzy bella belle
isabella izzy bella belle
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janie jenny
janet jan
janice jan
jason jay
jasmine jaz jazz
jeffrey jeff
jennifer jen jenny jenn
jeremiah jerry
jeremy jem jerry
jerome jerry
jessica jess jessie
joan joanie
joanna jo joanne
joanne jo
jocelyn joss
john jack johnny jon
jonathan jon jonny nathan
joseph joe joey jo
josephine jo josie
joshua josh
joyce joy
judith judy jude
julia julie jules
julian jules
juliet jules
justin jus
katherine kath kathy kate katie kit kitty kat kay
kathleen kath kathy kate katie
kathryn kath kathy kate katie
kenneth ken kenny
kevin kev
kimberley kim
kimberly kim
kristen kris kristy
kristina kris tina
lambert bert
laurence larry laurie
lawrence larry laurie law
leonard len lenny leo
leonardo leo
leslie les
lewis lew lou
lillian lil lily
linda lindy lyn
lindsay lin
louis lou louie
louise lou
lucille lucy lu
lucinda lucy cindy
lucy lu
luke lucas
madeline maddie
maddison maddie
malcolm mal
marcus marc mark
margaret maggie meg peggy marge margie madge greta daisy rita
maria mary mia
marian mary
marilyn mary
marjorie marge margie
martha marty mattie
martin marty
mary molly polly mae may
matilda tilly mattie
matthew matt matty
maureen mo
maurice mo
maximilian max
maxwell max
megan meg
melanie mel
melissa mel missy lissa
mercedes mercy
michael mike mick mickey mikey micky
michelle shell shelly
mildred millie
miriam mimi
mitchell mitch
mohammed mo mohammad muhammad
montgomery monty
nancy nan
natalie nat
natasha tasha nat
nathan nate nat
nathaniel nate nat nathan
nicholas nick nicky
nicola nicky nic
nicole nicky nic
nigel nige
norman norm
olive ollie livvy
oliver ollie
olivia liv livvy ollie
oscar ossie
oswald ozzie
pamela pam
patricia pat patty trish tricia patsy
patrick pat paddy rick
paul paulie
paula polly
penelope penny
percival percy
peter pete
philip phil pip
phillip phil pip
philippa pip pippa
phyllis phyl
priscilla cilla
prudence prue
rachel rach
ralph ralphie
randolph randy
raymond ray
rebecca becky becca beck
reginald reg reggie
richard rick ricky dick rich richie
robert bob bobby rob robbie bert
roberta bobbie
robin rob
roderick rod
rodney rod
roger rodge
roland rollo
ronald ron ronnie
rosalind ros roz
rosemary rose rosie
roxanne roxy
rudolph rudy
russell russ rusty
ruth ruthie
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara
sebastian seb bas
seymour sy
sharon shaz
sheila shelly
shirley shirl
sidney sid
simon si
solomon sol
sophia sophie
spencer spence
stanley stan
stephanie steph stevie
stephen steve stevie
steven steve stevie
stewart stew
stuart stu
susan sue susie suzy
susanna sue susie suzy
suzanne sue susie suzy
sylvester sly
sylvia syl
tabitha tabby
terence terry
teresa terry tess tessa tracy
theresa terry tess tessa tracy
thaddeus tad
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
vanessa nessa
veronica ronnie vera
victor vic
victoria vicky vicki tori
vincent vince vinny
violet vi
virginia ginny ginger
vivian viv
walter walt wally
wendy wen
wilfred wilf fred
wilhelmina billie mina
william will bill billy willy liam
winifred win winnie freda
winston win
yvonne von
zachary zach zac zack
`
  .trim()
  .split('\n')
  .map((group) => group.split(' '));
