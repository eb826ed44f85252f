/** Invented names for the people and companies of the demo workspace, by language. */

export type Language = 'en' | 'de' | 'fr' | 'nl';

interface PersonNames {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const PERSON_NAMES: { readonly [L in Language]: PersonNames } = {
  en: {
    given: words(`
      Abigail Adrian Alice Amara Arjun Beatrice Bo Caleb Carmen Chidi Clara Daniel Deepa Derek
      Eleanor Elias Esther Felix Fiona Gabriel Grace Hannah Henry Imani Isaac Ivy Jasmine Joel
      Jun Kavita Kenji Leila Liam Lucía Malik Maeve Mina Nadia Noah Omar Owen Priya Quentin Rosa
      Samuel Seán Tamika Theo Uma Victor Wen Yusuf Zoë
    `),
    family: words(`
      Abernathy Adeyemi Ashdown Barrowcliff Bellweather Blackwood Brennan Calloway Castellano
      Chen Dalrymple Delacroix Desai Eastwick Fairbairn Fenwick Gallardo Greenhalgh Hargreave
      Hathersage Ibarra Ingleby Jernigan Kowalczyk Kimura Lindqvist Lockridge Marchbanks Mbeki
      McAllister Nakamura Nwosu O'Dwyer O'Shea Okafor Pemberton Quigley Ramaswamy Redfern
      Rutherglen Sandoval Silverthorne Tanaka Thistlewood Underhill Vasquez Wainwright Wu
      Yarborough Zielinski
    `),
  },
  de: {
    given: words(`
      Anja Anke Birgit Björn Carsten Christa Dörte Elif Emil Frieda Gerd Greta Heike Ilse Ingo
      Jannik Jörg Jürgen Karin Käthe Klaus Lena Lukas Malte Mehmet Nele Nils Oskar Petra Ralf
      Sabine Sönke Svenja Timo Ulrike Uwe Wiebke Yannick
    `),
    family: words(`
      Ackerknecht Bachmüller Birnbaum Böttinger Brandhorst Dirksen Eichwald Falkenrath Fröhlich
      Gerstäcker Großkopf Haberkorn Heidkamp Hinrichsen Jäger Kaltenbach Köhlbrandt Kühnemann
      Lindenau Löffelholz Mühlbauer Niedermeyer Oberländer Pfaffenrath Quandtner Rehbein
      Rosenstock Schäferling Schönweiß Steinbrück Tiefenbach Ullmeyer Vollrath Weißenborn Yılmaz
      Zeisig
    `),
  },
  fr: {
    given: words(`
      Adèle Agnès Amélie Antoine Aurélie Bastien Benoît Céline Chloé Clément Corentin Denise
      Édouard Élodie Fabrice Françoise Gaëlle Geneviève Hélène Hugo Inès Jérôme Joël Karim
      Laurence Léa Loïc Maëlle Mathieu Nadège Noémie Océane Pascal Quentin Rémi Solène Thibault
      Yasmine Yves
    `),
    family: words(`
      Aubertin Barbançon Beaulieu Bellanger Bréhier Castelnau Chantrel Charbonnier Delaunay
      Descombes Duchêne Estève Faucheux Fontanel Garnereau Guérinot Hautecoeur Jacquemin
      Kerleau Lavergne Lemoigne Lhéritier Malherbe Marchandeau Montreuil Nivelle Ombredane
      Pélissier Perdrix Quéméner Rabouin Rochefort Sauvageot Tisserand Thévenin Vauquelin
      Villedieu
    `),
  },
  nl: {
    given: words(`
      Anouk Bas Bram Cato Daan Eefje Femke Floor Gijs Hanneke Ilse Jasper Jelle Joost Jurre Kees
      Lieke Lotte Maartje Marijke Maud Mees Niels Noortje Pleun Rens Roos Ruben Sanne Sjoerd
      Teun Thijs Tjitske Veerle Wouter Yara
    `),
    family: words(`
      Achterberg Bakhuizen Beekveld Boerhof Bovenkamp Brinkhuis Dijkgraaf Doornbos Eikelboom
      Elzinga Goedhart Haverkort Hofstede Hoogeveen Kievits Koppelman Kuipersma Langelaar
      Leeuwenburg Meulenbroek Nieuwkerk Oosterhof Postmus Rietveld Schuurhof Slagmolen Spaargaren
      Terpstra Uittenbogaard Veldhuis Vlietstra Waterhuis Westerink Zandbergen Zuidhof
    `),
  },
};

interface CompanyNames {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** A company's name is a first and a last one. */
export const COMPANY_NAMES: { readonly [L in Language]: CompanyNames } = {
  en: {
    first: words(`
      Alderbrook Ashgrove Bluefinch Brightmoor Cedarline Copperfield Cresthaven Eastmarsh
      Fernhill Foxglove Glenrock Harborview Hollowell Ironbridge Juniper Kestrel Larkspur
      Meadowlark Northgate Oakhurst Pinecrest Quarrystone Ridgeway Silverbirch Stonebeck Thornbury
      Westerly Willowmere
    `),
    last: words(`
      Bakeries Clinics Facilities Foods Garages Hotels Housing Logistics Properties Schools Storage
      Textiles Utilities
    `),
  },
  de: {
    first: words(`
      Ahornhof Birkental Buchenau Dornfeld Eichgrund Erlenbach Falkenstein Grünwald Hagedorn
      Holzmarkt Kirschgarten Lindenhof Marienhöhe Nordhafen Rabenau Rosengarten Sonnenberg
      Steinfurt Tannengrund Weidenau
    `),
    last: words(`
      Backwaren Gastronomie Gebäudetechnik Hausverwaltung Immobilien Kliniken Lagerhaus Logistik
      Pflegeheime Stadtwerke Werkstätten Wohnbau
    `),
  },
  fr: {
    first: words(`
      Aubépine Beauséjour Belleroche Boisvert Chanteclair Clairefontaine Grandpré Hautecombe
      Lavandière Montbrun Montfleury Pierreville Primevère Richemont Rivebelle Rochebrune
      Saulaie Valfleuri Vertbois Villeneuve
    `),
    last: words(`
      Boulangeries Cliniques Distribution Entrepôts Habitat Hôtels Immobilier Logistique
      Restauration Textiles
    `),
  },
  nl: {
    first: words(`
      Beukenhof Brugzicht Duinrand Elzenhaag Heidezicht Kanaaldijk Korenveld Lindelaan Meerzicht
      Molenwiek Noorderlicht Oeverland Polderzicht Rietkraag Schelphoek Sluiswijk Vlierbes
      Waterkant Wilgenoord Zonneweide
    `),
    last: words(`
      Bakkerijen Bouw Horeca Logistiek Opslag Scholen Techniek Vastgoed Woningen Zorg
    `),
  },
};

/** What companies call themselves in law, by country (alpha-2). */
export const COMPANY_FORMS: Readonly<Record<string, readonly string[]>> = {
  US: ['Inc.', 'LLC'],
  CA: ['Inc.', 'Ltd.'],
  GB: ['Ltd', 'plc'],
  DE: ['GmbH', 'GmbH & Co. KG'],
  FR: ['SARL', 'SAS'],
  NL: ['B.V.'],
  CH: ['AG', 'SA'],
};

/** What companies have at their sites. */
export const SITE_KINDS: { readonly [L in Language]: readonly string[] } = {
  en: words('Depot Office Plant Showroom Store Warehouse Workshop'),
  de: words('Büro Filiale Lager Werk Werkstatt'),
  fr: words('Agence Atelier Bureau Entrepôt Magasin'),
  nl: words('Filiaal Kantoor Magazijn Werkplaats'),
};
