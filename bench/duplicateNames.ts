const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Given names, the common ones first. */
export const GIVEN_NAMES = words(`
  James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard
  Susan Joseph Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Sandra
  Anthony Betty Mark Ashley Donald Emily Steven Kimberly Andrew Margaret Paul Donna Joshua
  Michelle Kenneth Carol Kevin Amanda Brian Melissa Timothy Deborah Ronald Stephanie George
  Rebecca Jason Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Nicholas Kathleen Gary
  Angela Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela Justin Nicole Scott Anna Brandon
  Samantha Benjamin Katherine Samuel Christine Gregory Debra Alexander Rachel Patrick Carolyn
  Frank Janet Raymond Maria Jack Olivia Dennis Heather Jerry Helen Tyler Catherine Aaron Diane
  Jose Julie Adam Victoria Nathan Joyce Henry Lauren Zachary Kelly Douglas Christina Peter Ruth
  Kyle Joan Noah Virginia Ethan Judith Jeremy Evelyn Christian Hannah Walter Andrea Keith Megan
  Austin Cheryl Roger Jacqueline Terry Madison Sean Teresa Gerald Abigail Carl Sophia Dylan
  Martha Harold Sara Jordan Gloria Jesse Janice Bryan Kathryn Lawrence Ann Arthur Isabella
  Gabriel Judy Bruce Charlotte Logan Julia Billy Grace Joe Amber Alan Alice Juan Jean Elijah
  Denise Willie Frances Albert Danielle Wayne Marilyn Randy Natalie Mason Beverly Vincent Diana
  Liam Brittany Roy Theresa Bobby Kayla Caleb Alexis Bradley Doris Russell Lori Lucas Tiffany Ada
  Chiara Dmitri Elif Femi Hana Ivo Jun Kofi Ling Mehmet Nadia Omar Priya Quentin Rosa Sven Tariq
  Uma Vera Wei Ximena Yusuf Zoe Aisha Bjorn Carmen Diego Eszter Fatima Giulia Hiroshi Ingrid
  Javier Katya Luca Marta Nikolai Oksana Pablo Ravi Soren Tomas Ursula Viktor Wanda Yuki Zoltan
`);

/** Family names, the common ones first. */
export const FAMILY_NAMES = words(`
  Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez
  Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris
  Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill
  Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips
  Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers
  Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson
  Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders
  Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan Bell Coleman Butler
  Henderson Barnes Gonzales Fisher Vasquez Simmons Romero Jordan Patterson Alexander Hamilton
  Graham Reynolds Griffin Wallace Moreno West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina
  Aguilar Stevens Murray Ford Castro Marshall Owens Harrison Fernandez McDonald Woods Washington
  Kennedy Wells Vargas Henry Chen Freeman Webb Tucker Guzman Burns Crawford Olson Simpson Porter
  Hunter Gordon Mendez Silva Shaw Snyder Mason Dixon Munoz Hunt Hicks Holmes Palmer Wagner Black
  Robertson Boyd Rose Stone Salazar Fox Warren Mills Meyer Rice Schmidt Garza Daniels Ferguson
  Nichols Stephens Soto Weaver Ryan Gardner Payne Grant Dunn Kelley Spencer Hawkins Arnold Pierce
  Hansen Peters Santos Hart Bradley Knight Elliott Cunningham Duncan Armstrong Hudson Carroll
  Lane Riley Andrews Alvarado Ray Delgado Berry Perkins Hoffman Johnston Matthews Pena Richards
  Contreras Willis Carpenter Lawrence Sandoval Okafor Rossi Novak Tanaka Larsen Dubois Meier
  Kowalski Ivanov Yilmaz Haddad Nakamura Eriksson Fischer Moreau Bianchi Horvath Petrov Demir
  Khan Singh Cohen Levi Mbeki Osei Abebe
`);

/** Names of streets, without their kind. */
export const STREET_NAMES = words(`
  Main Oak Pine Maple Cedar Elm View Lake Hill Walnut Spring Park North Ridge Church Willow Mill
  Sunset Railroad Jackson River Lincoln Franklin Jefferson Center Madison Highland Forest Cherry
  Dogwood Hickory Meadow Washington Adams Poplar Chestnut Birch Spruce Laurel College Union
  Locust Holly Magnolia Prospect Valley Grove Orchard Pleasant Liberty Bridge Canal Market Grant
  Monroe Harrison Garfield Cleveland Sycamore Juniper Aspen Cypress Rose Ash Beech Fairview
  Lakeview Hillcrest Woodland Summit Clinton Delaware Kedzie Ogden Wentworth Roosevelt Halsted
  Ashland Damen Western Pulaski Cicero Harlem Ontario Erie Huron Superior Michigan Wabash State
  Dearborn Clark LaSalle Wells Kinzie Hubbard Grand Illinois Monument Cambridge Oxford Windsor
  Victoria Albert Queen King Duke Station Mechanic Water Front Chapel Court School Academy Pearl
  Silver Gold Copper Iron Quarry Granite Slate Marble Harbor Bay Ocean Beach Shore Island Pond
  Brook Creek Falls Rapids Canyon Mesa Vista Sierra Alta Buena Loma Verde
`);

/** Towns that do not exist, the large ones first; `zones` is how many postal codes they have. */
export const TOWNS = words(`
  Lakeside Newcrest Southford Maplebury Longford Blackville Cedargate Fairport Bridgebury Newton
  Claydale Greenland Brookport Eastridge Fairdale Clayview Clearport Longfield Whitegate
  Cedarville Greenham Millbrook Eastgate Sandport Rockton Brookdale Greenburg Longport Rockwater
  Oakhaven Riverford Cedarwood Highhaven Stonedale Highfield Greenton Glenside Glencrest
  Whiteville Northbury Millcrest Woodwood Highview Clayfield Lakecrest Clearhaven Fairbury
  Bridgedale Mapleridge Sandside Springville Blackridge Longbrook Millhaven Eastburg Whitewater
  Oakwater Laketon Westburg Bridgeville Whitebury Clayton Sandridge Southwater Clayland Ashbury
  Cedardale Stonebury Silverville Southburg Stonebrook Bridgeview Whiteview Eastton Mapleport
  Northford Redland Northham Cedarland Southdale Westwood Lakewater Blackcrest Silverhaven
  Stonewater Southbury Rockford Stoneland Springhaven Ashland Rockhaven Clearside Oakwood
  Greenhaven Springgate Lakeridge Southbrook Springwood Fairgate Cedarburg Lakegate Westwater
  Rockport Sandton Clayhaven Glenbrook Whiteham Brookside Springford Fairfield Oakville Greenmont
  Whitewood Eastland Silverside Springham Brookford Blackland Redhaven Woodridge Oakcrest Glenton
  Rivergate Mapleview Oakdale Sandland Newham Riverbrook Rockside Maplehaven Glenburg Millburg
  Oakton Northwater Westmont Stonecrest Rockdale Sandmont Riverdale Southridge Cedarbury Rockbury
  Springmont Riverridge Oakford Stoneview Millwater Longland Newside Sandbury Eastport Greenville
  Newport Clayham Millfield Stonewood Ashfield Redcrest Northton Sandham Longham Oakham
  Southville Greenbrook Eastford Riverbury Lakebury Millton Ashport Westview Rockcrest Brookmont
  Longhaven Oakland Eastwood Cedarmont Woodhaven Woodham Sandview Westgate Oakridge Blackbury
  Newbrook Woodview Stoneford Fairside Cedarhaven Silverwood Highgate Lakeland Oakbury
  Bridgebrook Sandwood Northwood Redton Brookwater Highcrest Northview Bridgehaven Highside
  Longville Wooddale Newbury Springburg Longview Longton Cedarside Westdale Millmont Longbury
  Brookgate Millport Whitedale Sandbrook Woodport Fairham Ashcrest Ashridge Longburg Silverport
  Easthaven Clearwater Eastcrest Claybrook Glenhaven Millridge Clearcrest Clearwood Rivercrest
  Longwood Faircrest Southfield Springbrook Highville Clayville Oakside Blackside Westford
  Fairhaven Springport Millville Clearford Rockridge Longmont Milldale Claybury Riverburg
  Bridgemont Glenview Longcrest Clayburg Millwood Claywater Woodmont Cedarcrest Millside
  Whiteburg Northridge Mapleland Highwood Highdale Longwater Riverwater Redbrook Southham
  Northmont Ashford Cedarbrook Bridgewater Greengate Ashwater Mapleton Sandgate Redwood Blackport
  Glenwater Silverbury Northgate Lakefield Stoneridge Eastham Silverham Ashgate Cedarham Rockland
  Longside Silverridge Glenport Woodgate Redburg Blackgate Brookhaven Greenford Clearbury
  Cedarview Sandwater Whiteland Maplecrest Silvergate Bridgeburg Rockgate Blackwater Maplebrook
  Springfield Northhaven Whitehaven Sanddale Redmont Fairridge Northcrest Redwater Eastbury
  Southmont Silverbrook Redview Lakeham Blackview Riverwood Silverland Greenridge Clayford
  Fairwood Lakeburg Sandhaven Newview Fairview Clearfield Glenwood Oakmont Woodcrest Glenham
  Eastdale Woodland Lakeview Oakfield Springcrest Millbury Whitefield Cedarton Mapleham
  Brookcrest Highham Stonefield Ashburg Glenville Maplegate Lakewood Southside Redside Blackwood
  Brookburg Newburg Redville Oakview Lakedale Ashhaven Highwater Ashdale Longridge Glengate
  Eastbrook Highbrook Lakeford Westham Rockview Whiteford Riverland Bridgegate Westbury Woodburg
  Stoneburg Riverhaven Redridge Brookwood Eastwater Highport Stoneton Westport Whiteport
  Blackford Newville Rockbrook Cedarwater Woodbury Rivermont Blackham Highbury Silvermont
  Stoneside Rockmont Newford Brookton Stoneville Bridgefield Sandfield Rockfield Blackbrook
  Glenford Springwater Clearland Maplefield Stonegate Northville Glenridge Woodville Fairmont
  Northburg Newwater Cedarfield Woodfield Ashton Millham Silverfield Greendale Lakemont Westside
  Sandburg Rockburg Lakehaven Ashmont Northside Greenwater Redford Southport Newfield Rockville
  Brookfield Newdale Blackhaven Bridgeside Silverwater Newland Highridge Ashwood Longdale
  Clearburg Eastmont Claymont Brookbrook Silverdale Highmont Fairbrook Blackdale Northbrook
  Eastville Lakeport Greencrest Southhaven Woodton Riverville
`).map((name, code) => ({
  name,
  code,
  region: ['IL', 'NY', 'CA', 'TX', 'OH', 'WA'][code % 6] ?? null,
  zones: Math.max(1, Math.floor(38 - code / 8)),
}));

/** What people are called for short. */
export const NICKNAMES: Readonly<Record<string, readonly string[]>> = {
  James: ['Jim', 'Jimmy', 'Jamie'],
  Robert: ['Bob', 'Rob', 'Bobby'],
  John: ['Jack', 'Johnny'],
  Jennifer: ['Jen', 'Jenny'],
  Michael: ['Mike', 'Mick'],
  David: ['Dave'],
  Elizabeth: ['Liz', 'Beth', 'Betty'],
  William: ['Bill', 'Will', 'Billy'],
  Barbara: ['Barb'],
  Richard: ['Dick', 'Rick', 'Rich'],
  Susan: ['Sue'],
  Joseph: ['Joe'],
  Jessica: ['Jess'],
  Thomas: ['Tom'],
  Christopher: ['Chris'],
  Charles: ['Chuck', 'Charlie'],
  Daniel: ['Dan', 'Danny'],
  Matthew: ['Matt'],
  Anthony: ['Tony'],
  Donald: ['Don'],
  Steven: ['Steve'],
  Kimberly: ['Kim'],
  Andrew: ['Andy', 'Drew'],
  Margaret: ['Maggie', 'Peggy', 'Meg'],
  Kenneth: ['Ken'],
  Timothy: ['Tim'],
  Deborah: ['Deb', 'Debbie'],
  Ronald: ['Ron'],
  Stephanie: ['Steph'],
  Rebecca: ['Becky'],
  Edward: ['Ed', 'Ted'],
  Jeffrey: ['Jeff'],
  Nicholas: ['Nick'],
  Kathleen: ['Kathy', 'Kate'],
  Jonathan: ['Jon'],
  Pamela: ['Pam'],
  Samantha: ['Sam'],
  Benjamin: ['Ben'],
  Katherine: ['Kate', 'Kathy', 'Katie'],
  Samuel: ['Sam'],
  Gregory: ['Greg'],
  Alexander: ['Alex'],
  Patrick: ['Pat'],
  Raymond: ['Ray'],
  Victoria: ['Vicky'],
  Nathan: ['Nate'],
  Henry: ['Harry', 'Hank'],
  Zachary: ['Zach'],
  Douglas: ['Doug'],
  Christina: ['Tina', 'Chris'],
  Peter: ['Pete'],
  Gerald: ['Jerry'],
  Patricia: ['Pat', 'Trish'],
  Joshua: ['Josh'],
  Amanda: ['Mandy'],
};
