import type { Country } from './places.ts';

/** Given names by country, the popular ones first; they are drawn with falling frequency, as in life. */
export const givenNames: Record<Country, { female: readonly string[]; male: readonly string[] }> = {
  GB: {
    female: words(`Elizabeth Margaret Sarah Emma Katherine Susan Rebecca Jennifer Victoria Charlotte Olivia
      Amelia Isabella Emily Jessica Lucy Hannah Abigail Sophie Grace Alice Eleanor Georgina Harriet Josephine
      Christine Deborah Patricia Barbara Dorothy Samantha Nicola Jacqueline Amanda Philippa Penelope Frances
      Theresa Veronica Melanie Caroline Alexandra Gillian Hazel Heather Irene Joanna Judith Kathleen Laura
      Linda Maria Michelle Natalie Pamela Rachel Rosemary Ruth Sandra Sheila Stephanie Tracey Valerie Wendy
      Zoe Bethany Chloe Daisy Freya Imogen Matilda Phoebe Poppy Rosie Siobhan Aisha Fatima Priya Anjali`),
    male: words(`William Robert James Thomas Michael Edward Richard Christopher Matthew Andrew Daniel Joseph
      Benjamin Samuel Alexander Nicholas Anthony David Jonathan Patrick Stephen Peter Charles Henry George
      Harold Frederick Kenneth Ronald Donald Gregory Timothy Raymond Lawrence Leonard Philip Simon Gareth
      Adam Alan Albert Barry Brian Callum Colin Craig Dean Derek Duncan Eric Ewan Francis Gavin Geoffrey
      Graham Gordon Howard Ian Jack Jason Keith Kevin Lee Liam Luke Malcolm Mark Martin Neil Nigel Noah
      Oliver Oscar Paul Roger Rory Roy Russell Scott Sean Stuart Trevor Victor Vincent Imran Mohammed Raj`),
  },
  IE: {
    female: words(`Aoife Ciara Niamh Siobhan Mary Catherine Bridget Orla Grainne Maeve Roisin Sinead Fionnuala
      Eileen Deirdre Clodagh Aisling Emma Sarah Kathleen Margaret Patricia`),
    male: words(`Conor Sean Patrick Michael Eoin Cian Declan Brendan Kevin Liam Padraig Ronan Fergus Colm
      Diarmuid Daniel Thomas James Cormac Donal Eamon Niall`),
  },
  DE: {
    female: words(`Anna Katharina Elisabeth Sabine Susanne Ursula Monika Petra Claudia Andrea Birgit Heike
      Julia Stefanie Christina Johanna Friederike Käthe Jördis Sigrun Änne Franziska Magdalena
      Charlotte Leonie Greta Frieda Ida Mathilda Elif Leyla`),
    male: words(`Jürgen Günter Jörg Björn Götz Michael Thomas Andreas Stefan Christian Wolfgang Klaus Hans
      Johannes Maximilian Sebastian Matthias Alexander Friedrich Karl Heinrich Lukas Jonas Felix Paul Emil
      Anton Moritz Uwe Detlef Mehmet Tobias`),
  },
  FR: {
    female: words(`Marie Élodie Hélène Céline Aurélie Françoise Geneviève Chloé Zoé Léa Noémie Béatrice
      Catherine Isabelle Nathalie Sylvie Valérie Monique Brigitte Juliette Camille Manon`),
    male: words(`Jean Pierre Michel François Rémi Jérôme Stéphane Frédéric Gaël Benoît Théo Loïc Étienne
      Philippe Nicolas Laurent Olivier Pascal Thierry Julien Antoine Luc`),
  },
};

/** Short forms that people use in one system and not in the other. */
export const nicknames: Readonly<Record<string, readonly string[]>> = {
  Elizabeth: ['Liz', 'Beth', 'Lizzie'],
  Margaret: ['Maggie', 'Peggy', 'Meg'],
  Katherine: ['Kate', 'Kathy', 'Katie'],
  Catherine: ['Cathy', 'Kate'],
  Susan: ['Sue', 'Susie'],
  Rebecca: ['Becky'],
  Jennifer: ['Jen', 'Jenny'],
  Victoria: ['Vicky', 'Tori'],
  Charlotte: ['Lottie', 'Charlie'],
  Isabella: ['Bella'],
  Jessica: ['Jess'],
  Abigail: ['Abby'],
  Eleanor: ['Ellie', 'Nell'],
  Josephine: ['Jo', 'Josie'],
  Christine: ['Chris', 'Tina'],
  Deborah: ['Debbie', 'Deb'],
  Patricia: ['Pat', 'Trish'],
  Barbara: ['Barb'],
  Dorothy: ['Dot'],
  Samantha: ['Sam'],
  Jacqueline: ['Jackie'],
  Amanda: ['Mandy'],
  Philippa: ['Pippa'],
  Penelope: ['Penny'],
  Frances: ['Fran'],
  Theresa: ['Terry', 'Tess'],
  Alexandra: ['Alex', 'Sandra'],
  Joanna: ['Jo'],
  Judith: ['Judy'],
  Stephanie: ['Steph'],
  William: ['Bill', 'Will', 'Billy'],
  Robert: ['Bob', 'Rob', 'Bobby'],
  James: ['Jim', 'Jimmy', 'Jamie'],
  Thomas: ['Tom', 'Tommy'],
  Michael: ['Mike', 'Mick'],
  Edward: ['Ed', 'Ted', 'Eddie'],
  Richard: ['Rick', 'Dick', 'Richie'],
  Christopher: ['Chris'],
  Matthew: ['Matt'],
  Andrew: ['Andy', 'Drew'],
  Daniel: ['Dan', 'Danny'],
  Joseph: ['Joe'],
  Benjamin: ['Ben'],
  Samuel: ['Sam'],
  Alexander: ['Alex'],
  Nicholas: ['Nick'],
  Anthony: ['Tony'],
  David: ['Dave'],
  Jonathan: ['Jon'],
  Patrick: ['Pat', 'Paddy'],
  Stephen: ['Steve'],
  Peter: ['Pete'],
  Charles: ['Charlie', 'Chuck'],
  Henry: ['Harry', 'Hank'],
  Harold: ['Harry'],
  Frederick: ['Fred', 'Freddie'],
  Kenneth: ['Ken'],
  Ronald: ['Ron'],
  Donald: ['Don'],
  Gregory: ['Greg'],
  Timothy: ['Tim'],
  Raymond: ['Ray'],
  Lawrence: ['Larry'],
  Leonard: ['Len'],
  Philip: ['Phil'],
  Johannes: ['Hans', 'Hannes'],
  Maximilian: ['Max'],
  Friedrich: ['Fritz'],
  Heinrich: ['Heinz'],
  Magdalena: ['Lena'],
  Elisabeth: ['Elli', 'Lisa'],
  Katharina: ['Kathi'],
  Susanne: ['Susi'],
  Sebastian: ['Basti'],
  Frédéric: ['Fred'],
  Philippe: ['Phil'],
  Nathalie: ['Nath'],
};

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
